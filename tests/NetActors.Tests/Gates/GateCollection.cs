namespace NetActors.Tests.Gates;

/// <summary>Gates run alone, since some of them count what the whole process allocates.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "xunit's word")]
public class GateCollection
{
    public const string Name = "gates";
}
