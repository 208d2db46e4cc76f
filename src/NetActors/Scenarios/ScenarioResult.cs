namespace NetActors.Scenarios;

/// <summary>What reading a scenario gave: the scenario, or all that is wrong with it.</summary>
/// <param name="Scenario">The scenario; null when there are faults.</param>
/// <param name="Faults">Every fault, in the order of the file, those of options last; empty when it is valid.</param>
public sealed record ScenarioResult(ScenarioFile? Scenario, IReadOnlyList<ScenarioFault> Faults);
