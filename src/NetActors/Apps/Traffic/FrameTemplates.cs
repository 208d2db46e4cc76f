using System.Buffers.Binary;
using NetActors.Headers;

namespace NetActors.Apps.Traffic;

/// <summary>
/// Every frame that a flood can send, complete with checksums and built once: for each size one array with the flows side by side.
/// Nobody writes them, so a frame is a place in them.
/// </summary>
public sealed class FrameTemplates
{
    private const int HeaderBytes = EthernetHeader.Size + Ipv4Header.Size + UdpHeader.Size;
    private const int TagBytes = 4;
    private const int CacheLine = 64;

    private readonly byte[][] _frames;
    private readonly int[] _strides;
    private readonly int[] _sizes; // without a tag
    private readonly bool _icmp;
    private readonly int? _vlan;

    /// <summary>Builds UDP frames or echo requests with a payload of zeros.</summary>
    /// <param name="flows">Addresses and ports.</param>
    /// <param name="sizes">Frame sizes in bytes, without FCS.</param>
    /// <param name="source">Ethernet address of the sender.</param>
    /// <param name="destination">Ethernet address of the receiving device.</param>
    /// <param name="icmp">Echo requests instead of datagrams; a flow's source port is their identifier.</param>
    /// <param name="vlan">VLAN identifier of their 802.1Q tag, which the sizes do not count; null for none.</param>
    /// <exception cref="ArgumentException">The frames of one size would take more than 2 GB.</exception>
    public FrameTemplates(FlowTable flows, ReadOnlySpan<int> sizes, MacAddress source, MacAddress destination, bool icmp = false, int? vlan = null)
    {
        ArgumentNullException.ThrowIfNull(flows);
        (_sizes, _icmp, _vlan) = (sizes.ToArray(), icmp, vlan);
        _strides = new int[sizes.Length];
        _frames = new byte[sizes.Length][];
        for (var i = 0; i < sizes.Length; i++)
        {
            _strides[i] = (Length(i) + CacheLine - 1) & -CacheLine;
            var bytes = (long)_strides[i] * flows.Count;
            if (bytes > Array.MaxLength)
                throw new ArgumentException($"{flows.Count} flows of {sizes[i]} bytes take more than 2 GB", nameof(flows));
            _frames[i] = new byte[bytes];
            Build(flows, i, source, destination);
        }
    }

    /// <summary>Frame size in bytes of a size index, with its tag.</summary>
    public int Length(int size) => _sizes[size] + (_vlan is null ? 0 : TagBytes);

    /// <summary>The array that holds the frames of a size index.</summary>
    public byte[] Buffer(int size) => _frames[size];

    /// <summary>Where in <see cref="Buffer"/> the frame of a flow begins.</summary>
    public int Offset(int flow, int size) => flow * _strides[size];

    private void Build(FlowTable flows, int size, MacAddress source, MacAddress destination)
    {
        var payload = new byte[_sizes[size] - HeaderBytes];
        for (var i = 0; i < flows.Count; i++)
        {
            var flow = flows[i];
            var ends = new FrameEnds(source, destination, flow.SourceAddress, flow.DestinationAddress);
            var frame = _frames[size].AsSpan(Offset(i, size), _strides[size]);
            if (_icmp) FrameBuilder.WriteIcmpEcho(frame, ends, false, flow.SourcePort, 1, payload);
            else FrameBuilder.WriteUdp(frame, ends, flow.SourcePort, flow.DestinationPort, payload);
            if (_vlan is { } vlan) Tag(frame, (ushort)vlan);
        }
    }

    private static void Tag(Span<byte> frame, ushort vlan)
    {
        const int TypeOffset = 12;
        frame[TypeOffset..^TagBytes].CopyTo(frame[(TypeOffset + TagBytes)..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[TypeOffset..], EtherTypes.Vlan);
        BinaryPrimitives.WriteUInt16BigEndian(frame[(TypeOffset + 2)..], vlan);
    }
}
