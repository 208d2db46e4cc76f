namespace NetActors.Tcp;

/// <summary>A local port that is in use (kernel: <c>struct inet_bind_bucket</c>).</summary>
internal sealed class BindBucket
{
    internal ushort Port { get; set; }

    /// <summary>Addresses under which the port is held, the youngest first (kernel: <c>bhash2</c>).</summary>
    internal Bind2Bucket? Addresses { get; set; }

    /// <summary>
    /// Owners that got the port by <c>bind</c> or from a listener. Without any, <c>connect</c> may choose the port again for another
    /// destination (kernel: <c>fastreuse</c> and <c>fastreuseport</c> are both -1).
    /// </summary>
    internal int OwnersByBind { get; set; }

    internal BindBucket? Next { get; set; }

    /// <summary>Kernel: <c>inet_bind2_bucket_find</c>.</summary>
    internal Bind2Bucket? Find(uint address)
    {
        var held = Addresses;
        while (held is not null && held.Address != address) held = held.Next;
        return held;
    }
}
