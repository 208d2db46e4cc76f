namespace NetActors.Sockets;

/// <summary>An event with what the program wants to have with it (<c>struct epoll_event</c>; <c>struct pollfd</c> with the descriptor as data).</summary>
/// <param name="Events">What is wanted or happened.</param>
/// <param name="Data">The program's data.</param>
internal readonly record struct EpollEvent(PollEvents Events, ulong Data);
