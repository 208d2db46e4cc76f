using System.Text.Json;
using System.Text.Json.Serialization;

namespace NetActors.Observe;

/// <summary>
/// The result of a run as JSON (schema: config/result.schema.json). Keys stand in the records' order, numbers are invariant, lines end
/// with LF, and neither wall clock nor machine appears: equal runs give equal bytes.
/// </summary>
public static class ResultJson
{
    /// <summary>Writes the document in UTF-8, with a final line end. The stream stays open.</summary>
    public static void Write(Stream stream, SimulationSnapshot snapshot)
    {
        JsonSerializer.Serialize(stream, snapshot, ResultJsonContext.Default.SimulationSnapshot);
        stream.WriteByte((byte)'\n');
    }
}

/// <summary>The serialisation code, made by the compiler, so that the order of keys is the order of the declarations.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = false,
    Converters = [typeof(ClockKindConverter), typeof(KernelVersionConverter), typeof(LoadModelConverter),
        typeof(QueueDirectionConverter), typeof(TcpTimerConverter), typeof(JsonStringEnumConverter<Buffers.SkbDropReason>)])]
[JsonSerializable(typeof(SimulationSnapshot))]
internal sealed partial class ResultJsonContext : JsonSerializerContext;

internal sealed class ClockKindConverter() : JsonStringEnumConverter<ClockKind>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class KernelVersionConverter() : JsonStringEnumConverter<KernelVersion>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class LoadModelConverter() : JsonStringEnumConverter<LoadModel>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class QueueDirectionConverter() : JsonStringEnumConverter<QueueDirection>(JsonNamingPolicy.SnakeCaseLower);

internal sealed class TcpTimerConverter() : JsonStringEnumConverter<TcpTimer>(JsonNamingPolicy.SnakeCaseLower);
