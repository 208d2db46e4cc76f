using System.Text.Json;
using System.Text.Json.Serialization;

namespace NetActors.Observe;

/// <summary>Writes the protocol counters by group and by the names Linux prints, so that one search finds both.</summary>
internal sealed class MibSetJsonConverter : JsonConverter<MibSet>
{
    /// <inheritdoc />
    public override MibSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("results are written, not read back into counters");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, MibSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        WriteGroup<IpMib>(writer, "Ip", counter => value[counter]);
        WriteGroup<IcmpMib>(writer, "Icmp", counter => value[counter]);
        writer.WriteStartObject("IcmpMsg");
        foreach (var (name, count) in ProcNetSnmp.IcmpTypes(value)) writer.WriteNumber(name, count);
        writer.WriteEndObject();
        WriteGroup<TcpMib>(writer, "Tcp", counter => value[counter]);
        WriteGroup<UdpMib>(writer, "Udp", counter => value[counter]);
        WriteGroup<LinuxMib>(writer, "TcpExt", counter => value[counter]);
        WriteGroup<IpExtMib>(writer, "IpExt", counter => value[counter]);
        writer.WriteEndObject();
    }

    private static void WriteGroup<TMib>(Utf8JsonWriter writer, string group, Func<TMib, long> count) where TMib : struct, Enum
    {
        writer.WriteStartObject(group);
        foreach (var counter in Enum.GetValues<TMib>()) writer.WriteNumber(counter.ToString(), count(counter));
        writer.WriteEndObject();
    }
}
