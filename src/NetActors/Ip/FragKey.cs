namespace NetActors.Ip;

/// <summary>What fragments of one datagram have in common (kernel: <c>struct frag_v4_compare_key</c>).</summary>
internal readonly record struct FragKey(uint Source, uint Destination, ushort Id, byte Protocol);
