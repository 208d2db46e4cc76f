namespace NetActors.Links;

/// <summary>Which way a captured frame went (pcapng section 4.3.1, <c>epb_flags</c> bits 0 and 1: the values are the file's).</summary>
public enum CaptureDirection
{
    /// <summary>Not known, as on a wire between two devices.</summary>
    Unknown = 0,

    /// <summary>Received by the device.</summary>
    Inbound = 1,

    /// <summary>Sent by the device.</summary>
    Outbound = 2,
}
