namespace NetActors.Scenarios.Reading;

/// <summary>A key that a section knows, with what its reference says of it.</summary>
/// <param name="Name">The key.</param>
/// <param name="Unit">What its value is: <c>time</c>, <c>whole number</c>, <c>section</c>, ...</param>
/// <param name="Range">What is allowed.</param>
/// <param name="Default">What holds when it is not written; <c>required</c> when it must be.</param>
/// <param name="Doc">What it does, one sentence.</param>
internal record SettingKey(string Name, string Unit, string Range, string Default, string Doc);

/// <summary>A key with a single value.</summary>
internal sealed record SettingKey<T>(
    string Name, string Unit, string Range, string Default, string Doc, T Otherwise, Func<string, Reading<T>> Read)
    : SettingKey(Name, Unit, Range, Default, Doc)
{
    /// <summary>Must be written.</summary>
    public bool IsRequired => Default == KeyTable.Required;
}
