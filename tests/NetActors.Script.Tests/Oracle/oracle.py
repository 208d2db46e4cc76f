#!/usr/bin/env python3
"""Plays a table of socket calls on the running Linux kernel, in network namespaces of its own, and prints the table with what the kernel
answered. Needs root and /dev/net/tun.

    oracle.py TABLE            prints the table with the answers of this kernel
    oracle.py --write TABLE..  replaces the answers in the files
    oracle.py --check TABLE..  fails when this kernel answers otherwise

A line is `[name =] call arguments => answer`; `== title` begins a fresh namespace with lo and tun0 (192.168.0.1/24, route to 192.0.2.1 by
192.168.0.2). Numbers may be names of constants joined by `|`. Data is "text", 0xHEX or N*c. Answers differ between runs in what is random:
Calls that sleep are begun on threads of their own (`begin`, `ended`). Ephemeral ports are printed as `eph`, identifications and checksums of packets as zero.
"""
import ctypes, errno, fcntl, os, select, socket, struct, sys, threading, time

libc = ctypes.CDLL(None, use_errno=True)
CONST = {k: int(v) for m in (socket, select, errno) for k, v in vars(m).items() if isinstance(v, int) and k.isupper() or k[:2] in ("AF", "IP", "SO", "MS", "TC", "EP", "PO", "SH") and isinstance(v, int)}
CONST.update(SO_ATTACH_FILTER=26, SO_DETACH_FILTER=27, SO_LOCK_FILTER=44, SO_ZEROCOPY=60, SO_INCOMING_CPU=49, SO_MEMINFO=55, SO_RXQ_OVFL=40,
             SO_PEEK_OFF=42, SO_SELECT_ERR_QUEUE=45, SO_NO_CHECK=11, SO_PRIORITY=12, SO_MARK=36, SO_PROTOCOL=38, SO_DOMAIN=39, SO_BUSY_POLL=46,
             SO_PREFER_BUSY_POLL=69, SO_BUSY_POLL_BUDGET=70, SO_INCOMING_NAPI_ID=56, SO_SNDBUFFORCE=32, SO_RCVBUFFORCE=33, SO_TIMESTAMP=29,
             SO_TIMESTAMPNS=35, SO_BINDTOIFINDEX=62, SO_COOKIE=57, SO_REUSEPORT=15, SO_BINDTODEVICE=25, SO_TYPE=3, SO_ACCEPTCONN=30, SO_RCVLOWAT=18,
             IP_PKTINFO=8, IP_RECVERR=11, IP_MTU_DISCOVER=10, IP_MTU=14, IP_HDRINCL=3, IP_RECVTTL=12, IP_RECVTOS=13, IP_RETOPTS=7, IP_TTL=2,
             IP_TOS=1, IP_FREEBIND=15, IP_MINTTL=21, IP_PMTUDISC_DONT=0, IP_PMTUDISC_WANT=1, IP_PMTUDISC_DO=2, IP_PMTUDISC_PROBE=3, IP_NODEFRAG=22,
             IP_BIND_ADDRESS_NO_PORT=24, IP_MULTICAST_TTL=33, IP_MULTICAST_LOOP=34, IP_MULTICAST_IF=32, IP_RECVORIGDSTADDR=20,
             SOL_IP=0, SOL_UDP=17, SOL_RAW=255, SOL_PACKET=263, UDP_CORK=1, UDP_SEGMENT=103, UDP_GRO=104, ICMP_FILTER=1, PACKET_STATISTICS=6, PACKET_ADD_MEMBERSHIP=1,
             PACKET_AUXDATA=8, PACKET_ORIGDEV=9, PACKET_IGNORE_OUTGOING=23, PACKET_VERSION=10, MSG_ZEROCOPY=0x4000000, MSG_ERRQUEUE=0x2000, MSG_MORE=0x8000,
             MSG_CONFIRM=0x800, MSG_PROBE=0x10, MSG_NOSIGNAL=0x4000, MSG_FASTOPEN=0x20000000, FIONREAD=0x541B, SIOCOUTQ=0x5411, SIOCATMARK=0x8905, F_GETFL=3, F_SETFL=4,
             O_NONBLOCK=0x800, FIONBIO=0x5421, ETH_P_ALL=3, ETH_P_IP=0x800, ETH_P_ARP=0x806, ADD=1, DEL=2, MOD=3, EPOLLEXCLUSIVE=1 << 28, EPOLLWAKEUP=1 << 29,
             EPOLLONESHOT=1 << 30, EPOLLET=1 << 31, EPOLLRDHUP=0x2000, POLLRDHUP=0x2000, IPPROTO_RAW=255, IPPROTO_MPTCP=262, LO=1, TUN=2, AF_PACKET=17,
             SIOCGSTAMP=0x8906)
NAMES = {}          # descriptors by name
PORTS = {}
TUN = None
BEGUN = {}          # answers of calls on threads of their own


def number(word):
    total = 0
    for part in word.split("|"):
        total |= CONST[part] if part in CONST else int(part, 0)
    return total


def data(word):
    if word.startswith('"'): return word[1:-1].encode()
    if word.startswith("0x"): return bytes.fromhex(word[2:])
    if "*" in word:
        count, char = word.split("*")
        return char.encode() * int(count)
    return b"" if word == "-" else word.encode()


def split(line):
    words, word, quoted = [], "", False
    for c in line:
        if c == '"': quoted = not quoted
        if c == " " and not quoted:
            if word: words.append(word)
            word = ""
        else: word += c
    return words + ([word] if word else [])


def sockaddr(word):
    if word == "-": return b""
    if word == "unspec": return struct.pack("<H14x", 0)
    if word == "unspec2": return struct.pack("<H", 0)
    if word.startswith("family:"): return struct.pack("<H14x", int(word[7:]))
    if word.startswith("short:"): return sockaddr(word[6:])[:8]
    if word.startswith("ll:"):
        proto, index, addr = word[3:].split(":")
        addr = bytes.fromhex(addr)
        return struct.pack(">H", 0)[:0] + struct.pack("<H", 17) + struct.pack(">H", number(proto)) + struct.pack("<iHBB", number(index), 0, 0, len(addr)) + addr.ljust(8, b"\0")
    host, port = word.rsplit(":", 1)
    return struct.pack("<H", 2) + struct.pack(">H", PORTS[port] if port in PORTS else int(port)) + socket.inet_aton(host) + bytes(8)


def port(value): return "eph" if value >= 32768 else str(value)


def address(raw):
    if len(raw) == 0: return "-"
    family = struct.unpack_from("<H", raw)[0]
    if family == 2: return socket.inet_ntoa(raw[4:8]) + ":" + port(struct.unpack_from(">H", raw, 2)[0])
    if family == 17:
        proto, = struct.unpack_from(">H", raw, 2)
        index, hatype, kind, halen = struct.unpack_from("<iHBB", raw, 4)
        return f"ll:0x{proto:04x}:{index}:{hatype}:{kind}:{halen}"
    return f"family:{family}"


def text(raw):
    if len(raw) == 0: return '""'
    if len(raw) > 8 and raw == raw[:1] * len(raw) and 32 < raw[0] < 127: return f"{len(raw)}*{chr(raw[0])}"
    if all(32 < c < 127 and c != 34 for c in raw): return '"' + raw.decode() + '"'
    tail = len(raw) - len(raw.rstrip(raw[-1:]))
    return "0x" + raw.hex() if tail <= 16 else f"0x{raw[:-tail].hex()}+{tail}*{raw[-1]:02x}"


def clean(packet):
    """A packet without what is random: identification, checksums, the ephemeral source port."""
    p = bytearray(packet)
    if len(p) < 20 or p[0] >> 4 != 4: return text(bytes(p))
    p[4:6] = p[10:12] = b"\0\0"
    n = (p[0] & 15) * 4
    if p[6] & 0x1F or p[7]: return text(bytes(p))
    if p[9] in (6, 17) and len(p) >= n + 8:
        if p[n] >= 0x80: p[n:n + 2] = b"\xff\xff"
        if p[n + 2] >= 0x80: p[n + 2:n + 4] = b"\xff\xff"
        if p[9] == 17: p[n + 6:n + 8] = b"\0\0"
    if p[9] == 1 and len(p) >= n + 4:
        p[n + 2:n + 4] = b"\0\0"
        if p[n] in (3, 11, 12) and len(p) >= n + 28: p[n + 12:n + 14] = p[n + 18:n + 20] = b"\0\0"; 
        if p[n] in (3, 11, 12) and len(p) >= n + 36 and p[n + 17] == 17: p[n + 34:n + 36] = b"\0\0"
    return text(bytes(p))


class Iovec(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


class Msghdr(ctypes.Structure):
    _fields_ = [("name", ctypes.c_void_p), ("namelen", ctypes.c_uint), ("iov", ctypes.POINTER(Iovec)), ("iovlen", ctypes.c_size_t),
                ("control", ctypes.c_void_p), ("controllen", ctypes.c_size_t), ("flags", ctypes.c_int)]


def call(result): return result if result >= 0 else errno.errorcode[ctypes.get_errno()].replace("ENOTSUP", "EOPNOTSUPP")


def ok(result): return "ok" if isinstance(result, int) else result


def messages(raw):
    out = []
    while len(raw) >= 16:
        length, level, kind = struct.unpack_from("<Qii", raw)
        body = bytearray(raw[16:length])
        if level == 0 and kind == 11 and len(body) >= 16:
            e, origin, t, c, _, info, more = struct.unpack_from("<IBBBBII", body)
            who = address(bytes(body[16:32])) if len(body) >= 32 else "-"
            if who == "family:0": who = "-"
            out.append(f"err({errno.errorcode.get(e, str(e)).replace('ENOTSUP', 'EOPNOTSUPP')},{origin},{t},{c},{info},{more},{who})")
        elif level == 1 and kind in (29, 35, 37): out.append(f"{level}:{kind}:time")
        else: out.append(f"{level}:{kind}:{bytes(body).hex()}")
        raw = raw[(length + 7) & ~7:]
    return "[" + " ".join(out) + "]"


def receive(fd, flags, room, control):
    buf, name, ctl = ctypes.create_string_buffer(max(room, 1)), ctypes.create_string_buffer(128), ctypes.create_string_buffer(max(control, 1))
    iov = Iovec(ctypes.cast(buf, ctypes.c_void_p), room)
    msg = Msghdr(ctypes.cast(name, ctypes.c_void_p), 128, ctypes.pointer(iov), 1, ctypes.cast(ctl, ctypes.c_void_p), control, 0)
    got = call(libc.recvmsg(fd, ctypes.byref(msg), flags))
    if not isinstance(got, int): return got, None, None, None, None
    return got, buf.raw[:min(got, room)], name.raw[:msg.namelen], msg.flags, ctl.raw[:msg.controllen]


def play(name, args):
    global TUN
    fd = lambda i: NAMES[args[i]] if args[i] in NAMES else int(args[i])
    if name == "socket": return call(libc.socket(*map(number, args)))
    if name == "bind": a = sockaddr(args[1]); return ok(call(libc.bind(fd(0), a, len(a))))
    if name == "connect": a = sockaddr(args[1]); return ok(call(libc.connect(fd(0), a, len(a))))
    if name == "listen": return ok(call(libc.listen(fd(0), number(args[1]))))
    if name == "accept": return call(libc.accept4(fd(0), None, None, number(args[1]) if len(args) > 1 else 0))
    if name == "shutdown": return ok(call(libc.shutdown(fd(0), number(args[1]))))
    if name == "close": return ok(call(libc.close(fd(0))))
    if name == "send": d = data(args[2]); return call(libc.send(fd(0), d, len(d), number(args[1]) | 0x4000))
    if name == "sendto": d, a = data(args[3]), sockaddr(args[2]); return call(libc.sendto(fd(0), d, len(d), number(args[1]) | 0x4000, a if a else None, len(a)))
    if name == "sendmsg":
        d, a = data(args[3]), sockaddr(args[2])
        ctl = b""
        for word in args[4:]:
            level, kind, body = word.split(",")
            body = data(body) if body.startswith("0x") else struct.pack("<i", number(body))
            ctl += struct.pack("<Qii", 16 + len(body), number(level), number(kind)) + body + bytes(-len(body) % 8)
        buf, cbuf, abuf = ctypes.create_string_buffer(d, max(len(d), 1)), ctypes.create_string_buffer(ctl, max(len(ctl), 1)), ctypes.create_string_buffer(a, max(len(a), 1))
        iov = Iovec(ctypes.cast(buf, ctypes.c_void_p), len(d))
        msg = Msghdr(ctypes.cast(abuf, ctypes.c_void_p) if a else None, len(a), ctypes.pointer(iov), 1, ctypes.cast(cbuf, ctypes.c_void_p) if ctl else None, len(ctl), 0)
        return call(libc.sendmsg(fd(0), ctypes.byref(msg), number(args[1]) | 0x4000))
    if name == "recv":
        got, raw, *_ = receive(fd(0), number(args[1]), number(args[2]), 0)
        return got if raw is None else f"{got} {text(raw)}"
    if name == "recvfrom":
        got, raw, who, *_ = receive(fd(0), number(args[1]), number(args[2]), 0)
        return got if raw is None else f"{got} {text(raw)} {address(who)}"
    if name == "recvmsg":
        got, raw, who, flags, ctl = receive(fd(0), number(args[1]), number(args[2]), number(args[3]) if len(args) > 3 else 256)
        return got if raw is None else f"{got} {text(raw)} {address(who)} 0x{flags:x} {messages(ctl)}"
    if name == "recvpacket":   # a packet with an IP header, cleaned of what is random
        got, raw, who, flags, ctl = receive(fd(0), number(args[1]), number(args[2]), 256)
        return got if raw is None else f"{got} {clean(raw)} {address(who)} 0x{flags:x}"
    if name == "setsockopt":
        v = struct.pack("<i", number(args[3])) if not args[3].startswith("0x") and not args[3].startswith('"') and args[3] != "-" else data(args[3])
        return ok(call(libc.setsockopt(fd(0), number(args[1]), number(args[2]), v, len(v))))
    if name == "filter":       # instructions code,jt,jf,k
        prog = b"".join(struct.pack("<HBBI", *[int(x, 0) & 0xffffffff for x in w.split(",")]) for w in args[1:])
        buf = ctypes.create_string_buffer(prog, len(prog) + 1)
        fprog = struct.pack("<H6xQ", len(args) - 1, ctypes.addressof(buf))
        return ok(call(libc.setsockopt(fd(0), 1, 26, fprog, 16)))
    if name == "getsockopt":
        room = number(args[3]) if len(args) > 3 else 4
        v, n = ctypes.create_string_buffer(max(room, 1)), ctypes.c_uint(room)
        r = call(libc.getsockopt(fd(0), number(args[1]), number(args[2]), v, ctypes.byref(n)))
        if not isinstance(r, int): return r
        return struct.unpack("<i", v.raw[:4])[0] if n.value == 4 else "0x" + v.raw[:n.value].hex()
    if name in ("getsockname", "getpeername"):
        v, n = ctypes.create_string_buffer(128), ctypes.c_uint(128)
        r = call(getattr(libc, name)(fd(0), v, ctypes.byref(n)))
        if isinstance(r, int) and v.raw[0] == 2 and len(args) > 1: PORTS[args[1]] = struct.unpack_from(">H", v.raw, 2)[0]
        return address(v.raw[:n.value]) if isinstance(r, int) else r
    if name == "ioctl":
        v = ctypes.c_int(number(args[2]) if len(args) > 2 else 0)
        r = call(libc.ioctl(fd(0), ctypes.c_ulong(number(args[1])), ctypes.byref(v)))
        return v.value if isinstance(r, int) else r
    if name == "fcntl": return call(libc.fcntl(fd(0), number(args[1]), number(args[2]) if len(args) > 2 else 0))
    if name == "poll":
        n = len(args) - 1
        fds = b"".join(struct.pack("<ihh", NAMES.get(w.split(":")[0]) if w.split(":")[0] in NAMES else int(w.split(":")[0]), number(w.split(":")[1]), 0) for w in args[1:])
        v = ctypes.create_string_buffer(fds, max(len(fds), 1))
        r = call(libc.poll(v, ctypes.c_ulong(n), number(args[0])))
        if not isinstance(r, int): return r
        return " ".join([str(r)] + [f"0x{struct.unpack_from('<h', v.raw, i * 8 + 6)[0] & 0xffff:x}" for i in range(n)])
    if name == "select":       # milliseconds nfds r=a,b w= e=
        timeout, nfds = int(args[0]), (max(NAMES[w] for w in args[1][4:].split(",")) + 1 if args[1].startswith("max:") else int(args[1]))
        sets = {w[0]: [NAMES.get(x) if x in NAMES else int(x) for x in w[2:].split(",")] for w in args[2:]}
        bits = {k: ctypes.create_string_buffer(sum(1 << f for f in set(v)).to_bytes(256, "little"), 256) for k, v in sets.items()}
        tv = struct.pack("<qq", timeout // 1000, timeout % 1000 * 1000) if timeout >= 0 else None
        r = call(libc.syscall(23, nfds, *[ctypes.byref(bits[k]) if k in bits else None for k in "rwe"], ctypes.create_string_buffer(tv, 16) if tv else None))
        if not isinstance(r, int): return r
        who = lambda k: ",".join(w for w in next(a for a in args[2:] if a[0] == k)[2:].split(",") if int.from_bytes(bits[k].raw, "little") >> (NAMES[w] if w in NAMES else int(w)) & 1)
        return " ".join([str(r)] + [f"{k}={who(k)}" for k in "rwe" if k in bits])
    if name == "epoll_create": return call(libc.epoll_create(number(args[0])))
    if name == "epoll_ctl":
        ev = struct.pack("<IQ", number(args[3]) & 0xffffffff, int(args[4])) if len(args) > 3 else bytes(12)
        return ok(call(libc.epoll_ctl(fd(0), number(args[1]), fd(2), ev)))
    if name == "epoll_wait":
        most = number(args[1])
        v = ctypes.create_string_buffer(max(most, 1) * 12 if most < 1000 else 12000)
        r = call(libc.epoll_wait(fd(0), v, most, number(args[2])))
        if not isinstance(r, int): return r
        return " ".join([str(r)] + ["0x%x:%d" % struct.unpack_from("<IQ", v.raw, i * 12) for i in range(r)])
    if name == "inject": os.write(TUN, data(args[0])); return "ok"
    if name == "packet":
        r, _, _ = select.select([TUN], [], [], 0.2)
        return clean(os.read(TUN, 65536)) if r else "none"
    if name == "begin":        # a call on a thread of its own, which sleeps in it: begin NAME call arguments
        thread = threading.Thread(target=lambda: BEGUN.__setitem__(args[0], play(args[1], args[2:])), daemon=True)
        BEGUN.pop(args[0], None)
        thread.start(); time.sleep(0.05)
        return "ok"
    if name == "ended":        # what such calls have answered, and which still sleep
        time.sleep(0.15)
        return " | ".join(f"{a}: {BEGUN[a]}" if a in BEGUN else f"{a} sleeps" for a in args)
    if name == "sleep": time.sleep(int(args[0]) / 1000); return "ok"
    if name == "sysctl":
        key, value = args[0].split("=")
        with open("/proc/sys/" + key.replace(".", "/"), "w") as f: f.write(value.replace(",", " "))
        return "ok"
    if name == "link":
        os.system(f"ip link set {args[0]} {' '.join(args[1:])}"); return "ok"
    if name == "nofile":
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (int(args[0]), resource.getrlimit(resource.RLIMIT_NOFILE)[1])); return "ok"
    raise SystemExit(f"unknown call {name}")


def setup():
    """A namespace with lo and tun0, without answers of IPv6."""
    global TUN
    if libc.unshare(0x40000000) != 0: raise SystemExit("no namespace: " + errno.errorcode[ctypes.get_errno()])
    for knob in ("all", "default"):
        try: open(f"/proc/sys/net/ipv6/conf/{knob}/disable_ipv6", "w").write("1")
        except OSError: pass
    TUN = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(TUN, 0x400454CA, struct.pack("16sH22x", b"tun0", 0x1001))
    os.system("ip link set lo up && ip addr add 192.168.0.1/24 dev tun0 && ip link set tun0 up && ip route add 192.0.2.1 via 192.168.0.2")


def section(lines):
    setup()
    out = []
    for line in lines:
        body = line.split("=>")[0].rstrip()
        if not body or body[0] in "#=": out.append(line); continue
        words = split(body)
        name = None
        if len(words) > 2 and words[1] == "=": name, words = words[0], words[2:]
        answer = play(words[0], words[1:])
        if name is not None:
            NAMES[name] = answer if isinstance(answer, int) else -1
            if isinstance(answer, int): answer = "ok"
        out.append(f"{body:<70} => {answer}")
    return out


def run(path):
    lines = open(path).read().split("\n")
    parts, out = [[]], []
    for line in lines:
        if line.startswith("== "): parts.append([])
        parts[-1].append(line)
    out += parts[0]
    for part in parts[1:]:
        r, w = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(r)
            try: text_out = "\n".join(section(part))
            except BaseException as e:
                import traceback
                traceback.print_exc(); os._exit(1)
            os.write(w, text_out.encode()) if len(text_out) < 60000 else os._exit(2)
            os._exit(0)
        os.close(w)
        got = b""
        while chunk := os.read(r, 65536): got += chunk
        os.close(r)
        if os.waitpid(pid, 0)[1] != 0: raise SystemExit(f"{path}: {part[0]} failed")
        out += got.decode().split("\n")
    return "\n".join(out)


if __name__ == "__main__":
    mode, files = (sys.argv[1], sys.argv[2:]) if sys.argv[1].startswith("--") else ("", sys.argv[1:])
    bad = 0
    for f in files:
        result = run(f)
        if mode == "--write": open(f, "w").write(result)
        elif mode == "--check":
            for _ in range(3):     # a busy machine may be late once
                if result == open(f).read(): break
                result = run(f)
            for i, (a, b) in enumerate(zip(open(f).read().split("\n"), result.split("\n"))):
                if a != b: bad += 1; print(f"{f}:{i + 1}: {a}\n    this kernel: {b.split('=>')[-1].strip()}")
        else: print(result)
    sys.exit(1 if bad else 0)
