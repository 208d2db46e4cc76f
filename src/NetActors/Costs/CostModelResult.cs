using NetActors.Scenarios;

namespace NetActors.Costs;

/// <summary>What reading a cost model gave: the model, or all that is wrong with it.</summary>
/// <param name="Model">The model; null when there are faults.</param>
/// <param name="Faults">Every fault, in the order of the file; empty when it is valid.</param>
public sealed record CostModelResult(CostModel? Model, IReadOnlyList<ScenarioFault> Faults);
