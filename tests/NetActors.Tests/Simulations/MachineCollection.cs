namespace NetActors.Tests.Simulations;

/// <summary>Tests that look at the whole process, its threads and memory, or at the machine's clock: run by themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MachineCollection
{
    public const string Name = "the machine";
}
