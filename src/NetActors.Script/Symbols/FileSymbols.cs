namespace NetActors.Script.Symbols;

/// <summary>Flags and commands of descriptors (include/uapi/asm-generic/fcntl.h, include/linux/splice.h).</summary>
internal static class FileSymbols
{
    public static readonly (string Name, long Value)[] All =
    [
        ("NULL", 0),
        ("O_RDONLY", 0), ("O_WRONLY", 1), ("O_RDWR", 2), ("O_ACCMODE", 3), ("O_CREAT", 0x40), ("O_EXCL", 0x80), ("O_NOCTTY", 0x100),
        ("O_TRUNC", 0x200), ("O_APPEND", 0x400), ("O_NONBLOCK", 0x800), ("O_NDELAY", 0x800), ("O_DSYNC", 0x1000), ("O_ASYNC", 0x2000),
        ("O_CLOEXEC", 0x80000),
        ("F_DUPFD", 0), ("F_GETFD", 1), ("F_SETFD", 2), ("F_GETFL", 3), ("F_SETFL", 4), ("F_GETLK", 5), ("F_SETLK", 6), ("F_SETLKW", 7),
        ("F_GETLK64", 5), ("F_SETLK64", 6), ("F_SETLKW64", 7), ("F_SETOWN", 8), ("F_GETOWN", 9), ("F_SETSIG", 10), ("F_GETSIG", 11),
        ("F_SETLEASE", 1024), ("F_GETLEASE", 1025), ("F_NOTIFY", 1026), ("F_DUPFD_CLOEXEC", 1030), ("F_SETPIPE_SZ", 1031),
        ("F_GETPIPE_SZ", 1032), ("FD_CLOEXEC", 1), ("F_RDLCK", 0), ("F_WRLCK", 1), ("F_UNLCK", 2), ("F_EXLCK", 4), ("F_SHLCK", 8),
        ("LOCK_SH", 1), ("LOCK_EX", 2), ("LOCK_NB", 4), ("LOCK_UN", 8), ("SEEK_SET", 0), ("SEEK_CUR", 1), ("SEEK_END", 2),
        ("SPLICE_F_MOVE", 1), ("SPLICE_F_NONBLOCK", 2), ("SPLICE_F_MORE", 4), ("SPLICE_F_GIFT", 8),
    ];
}
