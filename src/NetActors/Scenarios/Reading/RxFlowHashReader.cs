namespace NetActors.Scenarios.Reading;

/// <summary>Reads the fields that the receive hash covers.</summary>
internal static class RxFlowHashReader
{
    internal static readonly KeyTable Keys = new("hosts.HOST.devices.DEVICE.rx-flow-hash",
        "Fields that the receive hash covers (`ethtool -N rx-flow-hash`)");

    private const FlowHashFields TwoTuple = FlowHashFields.SourceAddress | FlowHashFields.DestinationAddress;
    private const FlowHashFields FourTuple = TwoTuple | FlowHashFields.SourcePort | FlowHashFields.DestinationPort;

    private static readonly SettingKey<FlowHashFields> Tcp4 = Key("tcp4", "sdfn", FourTuple);
    private static readonly SettingKey<FlowHashFields> Udp4 = Key("udp4", "sd", TwoTuple);

    /// <summary>The fields.</summary>
    public static RxFlowHashSettings Read(Section section) => new(section.Get(Tcp4), section.Get(Udp4));

    private static SettingKey<FlowHashFields> Key(string name, string text, FlowHashFields fields) => Keys.Value(
        name, "letters", "s, d, f, n, each once", text, fields, Letters,
        $"{name}: s source address, d destination address, f source port, n destination port");

    private static Reading<FlowHashFields> Letters(string text)
    {
        var fields = FlowHashFields.None;
        foreach (var letter in text)
        {
            var field = letter switch
            {
                's' => FlowHashFields.SourceAddress,
                'd' => FlowHashFields.DestinationAddress,
                'f' => FlowHashFields.SourcePort,
                'n' => FlowHashFields.DestinationPort,
                _ => FlowHashFields.None,
            };
            if (field == FlowHashFields.None || (fields & field) != 0)
                return Reading<FlowHashFields>.Bad($"`{Words.Cut(text)}` is not made of the letters s, d, f, n, each once",
                    NearestName.Of(text, ["sd", "sdfn"]));
            fields |= field;
        }

        return fields;
    }
}
