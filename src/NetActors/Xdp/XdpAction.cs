namespace NetActors.Xdp;

/// <summary>What an XDP program wants done with a packet (kernel: <c>enum xdp_action</c>, same numbers).</summary>
public enum XdpAction
{
    /// <summary>The program failed: dropped, and counted apart.</summary>
    Aborted,

    /// <summary>Dropped in the driver.</summary>
    Drop,

    /// <summary>On into the stack.</summary>
    Pass,

    /// <summary>Out by the device it came in by.</summary>
    Tx,

    /// <summary>To where <see cref="XdpBuff.RedirectTo(int)"/> said.</summary>
    Redirect,
}

/// <summary>Where a program runs.</summary>
public enum XdpMode
{
    /// <summary>In the driver, before there is an sk_buff (<c>xdpdrv</c>).</summary>
    Native,

    /// <summary>In the stack, for any device (<c>xdpgeneric</c>): dearer, and it ends receive offload.</summary>
    Generic,
}

/// <summary>A program: sees a frame from its link header on, may change it, and says what becomes of it.</summary>
/// <param name="packet">The frame.</param>
public delegate XdpAction XdpProgram(ref XdpBuff packet);
