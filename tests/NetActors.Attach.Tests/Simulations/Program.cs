using NetActors.Attach.Tests.Simulations;
using NetActors.Scenarios;

// Not how the tests are run: DeterminismTests starts this process again, on fewer CPUs, for the fingerprint of a scenario.
if (args is not ["fingerprint", var path])
{
    Console.Error.WriteLine("usage: fingerprint SCENARIO");
    return 2;
}

Console.WriteLine(Fingerprint.Of(ScenarioReader.Read(path).Scenario!));
return 0;
