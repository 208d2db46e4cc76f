namespace NetActors.Tcp;

/// <summary>A local address and port in use, with who holds it (kernel: <c>struct inet_bind2_bucket</c>).</summary>
internal sealed class Bind2Bucket
{
    /// <summary>In host order; 0 for any.</summary>
    internal uint Address { get; set; }

    internal BindBucket? Port { get; set; }

    internal BoundSock? Owners { get; set; }

    internal Bind2Bucket? Next { get; set; }

    /// <summary>Kernel: <c>sk_add_bind_node</c>.</summary>
    internal void Add(BoundSock sk)
    {
        (sk.BindNext, sk.BindPrevious, sk.Bucket) = (Owners, null, this);
        if (Owners is not null) Owners.BindPrevious = sk;
        Owners = sk;
        if (!sk.IsConnectBound) Port!.OwnersByBind++;
    }

    /// <summary>Takes an owner over from another address of the port.</summary>
    internal void AddFrom(Bind2Bucket other, BoundSock sk)
    {
        other.Remove(sk);
        Add(sk);
    }

    /// <summary>Kernel: <c>__sk_del_bind_node</c>.</summary>
    internal void Remove(BoundSock sk)
    {
        if (sk.BindPrevious is null) Owners = sk.BindNext;
        else sk.BindPrevious.BindNext = sk.BindNext;
        if (sk.BindNext is not null) sk.BindNext.BindPrevious = sk.BindPrevious;
        (sk.BindNext, sk.BindPrevious, sk.Bucket) = (null, null, null);
        if (!sk.IsConnectBound) Port!.OwnersByBind--;
    }
}
