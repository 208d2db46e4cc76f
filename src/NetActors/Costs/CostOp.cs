namespace NetActors.Costs;
#pragma warning disable CS1591
/// <summary>stub</summary>
public enum CostOp { HardIrqEntry, HardIrqExit, NapiSchedule, IpiSend, IpiReceive, SoftirqEntry, SoftirqExit, NapiPollEntry, RxDescriptor, GroReceive, NetifReceiveSkb, BacklogEnqueue, BacklogDequeue, RpsHash, IpReceive, IpRouteLookup, UdpReceive, UdpNoSocket, IcmpReceive, IcmpReply, ArpReceive, SkbAlloc, SkbFree, SkbDrop, SyscallEntry, SyscallExit, RecvMsg, SendMsg, CopyPerKiB, IpOutput, NeighbourOutput, DevQueueXmit, TxDescriptor, TxCompletion, Wakeup, RemoteWakeup, ContextSwitch, IdleExit, TimerTick, TimerExpire }
