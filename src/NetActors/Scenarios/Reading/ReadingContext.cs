using NetActors.Time;

namespace NetActors.Scenarios.Reading;

/// <summary>What the readers of the parts of one scenario share.</summary>
/// <param name="Faults">Where faults go.</param>
/// <param name="Directory">Directory of the file, that paths in it begin from.</param>
/// <param name="Kernel">Whose behaviour is emulated.</param>
/// <param name="Hz">Ticks a second; 0 is exact.</param>
/// <param name="Duration">How long the run is.</param>
internal sealed record ReadingContext(FaultList Faults, string Directory, KernelVersion Kernel, int Hz, KernelTime Duration)
{
    /// <summary>A fault when the emulated kernel is 3.10, which lacks what <paramref name="key"/> sets.</summary>
    public void RefuseIn310(Section section, SettingKey key)
    {
        if (Kernel == KernelVersion.V310 && section.Has(key)) Faults.Add(section.PlaceOf(key), $"`{key.Name}` is not in Linux 3.10");
    }
}
