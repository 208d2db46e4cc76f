namespace NetActors.Xdp;

/// <summary>Who takes what was redirected: a kernel thread or a program.</summary>
internal interface IXdpConsumer
{
    /// <summary>A poll has handed over what it redirected: the consumer is woken if it sleeps. On the CPU that polls.</summary>
    void OnFlushed();
}
