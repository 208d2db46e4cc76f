using NetActors.Epoll;
using NetActors.Sockets;

namespace NetActors.Tests.Epoll;

/// <summary><c>struct epoll_params</c> (include/uapi/linux/eventpoll.h; kernel: <c>ep_eventpoll_bp_ioctl</c>).</summary>
public sealed class EpollParamsTests
{
    [Fact]
    public void Fields_stand_where_the_structure_has_them()
    {
        byte[] bytes = [0x40, 0x42, 0x0F, 0, 64, 1, 1, 0]; // 1,000,000 us; 320 packets; prefer
        Assert.Equal(Errno.None, EpollParams.TryRead(bytes, out var read));
        Assert.Equal(new EpollParams(1_000_000, 320, true), read);
        Assert.Equal(bytes, read.ToBytes());
    }

    [Fact]
    public void Requests_have_the_numbers_of_the_ioctls()
    {
        // _IOC(dir, 0x8A, nr, 8): direction in bits 30 and 31, size in bits 16 to 29, type in bits 8 to 15
        Assert.Equal((1 << 30) | (8 << 16) | (0x8A << 8) | 1, EpollParams.Set);
        Assert.Equal((2 << 30) | (8 << 16) | (0x8A << 8) | 2, EpollParams.Get);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 8, 0, 0, 1 }, Errno.EINVAL)] // the pad is not zero
    [InlineData(new byte[] { 0, 0, 0, 0x80, 8, 0, 0, 0 }, Errno.EINVAL)] // beyond S32_MAX
    [InlineData(new byte[] { 0, 0, 0, 0, 8, 0, 2, 0 }, Errno.EINVAL)] // neither 0 nor 1
    [InlineData(new byte[] { 0, 0, 0, 0, 8, 0, 0 }, Errno.EFAULT)]
    public void Bad_values_are_refused(byte[] bytes, Errno error) => Assert.Equal(error, EpollParams.TryRead(bytes, out _));
}
