namespace NetActors.Hosts;

/// <content>Receive flow steering: where programs call their sockets (specification section 6.2).</content>
internal sealed partial class NetStack
{
    private uint _txHashes; // drawn so far

    /// <summary>A hash for what another socket sends; 0 in 3.10, which has none (kernel: <c>net_tx_rndhash</c>).</summary>
    public uint NextTxHash() => Kernel == KernelVersion.V6 ? Time.TxHash.Of((uint)_flowHash.Seed ^ Interlocked.Increment(ref _txHashes)) : 0;

    /// <summary>Whose behaviour.</summary>
    public KernelVersion Kernel => _settings.Kernel;

    /// <summary>A program on <paramref name="cpu"/> calls the socket of a flow (kernel: <c>sock_rps_record_flow</c>); 0 for none.</summary>
    public void RecordFlow(uint hash, HostCpu cpu)
    {
        if (hash != 0 && Rps.SockFlows is { } flows) flows.Record(hash, cpu.Cpu.LocalId);
    }

    /// <summary>
    /// A socket's packets have another hash now, which is answered; 3.10 empties the old one's entry (kernel: <c>sock_rps_save_rxhash</c>).
    /// </summary>
    public uint SaveRxHash(uint old, uint hash)
    {
        if (Kernel == KernelVersion.V310) Rps.SockFlows?.Delete(old);
        return hash;
    }

    /// <summary>The socket of a flow leaves the tables (kernel: <c>sock_rps_delete_flow</c>; not in 3.10).</summary>
    public void ForgetFlow(uint hash)
    {
        if (Kernel == KernelVersion.V6) Rps.SockFlows?.Delete(hash);
    }
}
