namespace NetActors.Attach;

/// <summary>What kind of capture file is being read.</summary>
public enum CaptureFormat
{
    /// <summary>Not known yet, or neither of the others.</summary>
    Unknown,

    /// <summary>The classic format (draft-ietf-opsawg-pcap).</summary>
    Pcap,

    /// <summary>The block format (draft-ietf-opsawg-pcapng).</summary>
    Pcapng,
}
