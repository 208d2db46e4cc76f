#!/usr/bin/env bash
# Makes the committed captures anew: a client, a router and a server in network namespaces of their own, real programs, offloads
# off so that checksums and sizes are what a wire would carry. Needs root, iproute2, ethtool, tcpdump, tshark, ping, nc, curl, python3.
# Nothing outside the namespaces is touched; times and ephemeral numbers differ from run to run, so expected-*.txt is made with them.
set -euo pipefail
out=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
client=nactest-client router=nactest-router server=nactest-server
jobs_of_ours=()
export LC_ALL=C TZ=UTC

cleanup() {
    for pid in "${jobs_of_ours[@]}"; do kill "$pid" 2>/dev/null || true; done
    for ns in $client $router $server; do ip netns del $ns 2>/dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT

in_ns() { ip netns exec "$@"; }
start() { ip netns exec "$@" & jobs_of_ours+=($!); } # without a shell in between, so that $! is the program's own

for ns in $client $router $server; do ip netns add $ns; in_ns $ns ip link set lo up; done
ip link add eth0 netns $client address 02:00:00:00:01:01 type veth peer name left0 netns $router address 02:00:00:00:01:fe
ip link add eth0 netns $server address 02:00:00:00:02:02 type veth peer name right0 netns $router address 02:00:00:00:02:fe

up() { # namespace, device, IPv4, IPv6
    in_ns "$1" sysctl -qw "net.ipv6.conf.$2.accept_dad=0" || true
    in_ns "$1" ethtool -K "$2" rx off tx off tso off gso off gro off rxvlan off txvlan off >/dev/null 2>&1 || true
    in_ns "$1" ip link set "$2" up
    in_ns "$1" ip addr add "$3" dev "$2"
    in_ns "$1" ip -6 addr add "$4" dev "$2" nodad
}
in_ns $router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
up $client eth0 192.0.2.1/24 2001:db8:1::1/64
up $router left0 192.0.2.254/24 2001:db8:1::fe/64
up $router right0 198.51.100.254/24 2001:db8:2::fe/64
up $server eth0 198.51.100.2/24 2001:db8:2::2/64
in_ns $client ip route add default via 192.0.2.254
in_ns $client ip -6 route add default via 2001:db8:1::fe
in_ns $server ip route add default via 198.51.100.254
in_ns $server ip -6 route add default via 2001:db8:2::fe
sleep 2 # router and multicast-listener chatter of a new link: not what we are after

# VLAN 100 between client and router. A kernel without 8021q gets a TAP device and a program that pushes and pops the tag.
cat > "$work/vlan.py" <<'PY'
import fcntl, select, socket, struct, sys
lower, name, vid = sys.argv[1], sys.argv[2], int(sys.argv[3])
tap = open('/dev/net/tun', 'r+b', buffering=0)
fcntl.ioctl(tap, 0x400454CA, struct.pack('16sH22x', name.encode(), 0x1002)) # TUNSETIFF: IFF_TAP | IFF_NO_PI
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
wire.bind((lower, 0))
wire.setsockopt(263, 8, 1) # SOL_PACKET, PACKET_AUXDATA: the kernel takes the tag off before sockets see the frame
while True:
    ready, _, _ = select.select([tap, wire], [], [])
    try:
        if tap in ready:
            frame = tap.read(2048)
            wire.send(frame[:12] + struct.pack('!HH', 0x8100, vid) + frame[12:])
        if wire in ready:
            frame, aux, _, address = wire.recvmsg(2048, 256)
            status, tci = next(((a[0], a[5]) for a in (struct.unpack('=IIIHHHH', d[:20]) for _, _, d in aux)), (0, 0))
            if address[2] != 4 and status & 16 and tci & 4095 == vid: tap.write(frame) # not our own; TP_STATUS_VLAN_VALID
    except OSError: # the device is still down: a frame lost, as on a cable
        pass
PY
vlan() { # namespace, device, address
    if in_ns "$1" ip link add link "$2" name vlan100 type vlan id 100 2>/dev/null; then return; fi
    start "$1" /usr/bin/python3 "$work/vlan.py" "$2" vlan100 100
    for _ in $(seq 50); do in_ns "$1" ip link show vlan100 >/dev/null 2>&1 && break; sleep 0.1; done
    in_ns "$1" ip link set vlan100 address "$3"
}
vlan $client eth0 02:00:00:00:01:01
vlan $router left0 02:00:00:00:01:fe
up $client vlan100 203.0.113.1/24 2001:db8:100::1/64
up $router vlan100 203.0.113.254/24 2001:db8:100::fe/64
sleep 1

# The programs' files.
/usr/bin/python3 -c 'import sys; sys.stdout.buffer.write(bytes((i * 7 + i // 251) & 255 for i in range(24000)))' > "$work/payload"
cat > "$work/udp.py" <<'PY'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for size in (0, 1, 17, 512, 1472):
    s.sendto(bytes(i & 255 for i in range(size)), (sys.argv[1], int(sys.argv[2])))
PY

cat > "$work/web.py" <<'PY'
import functools, http.server, socket, socketserver, sys
class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
    def server_bind(self): # without http.server's reverse name lookup
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = 'server', 8080
Server((sys.argv[1], 8080), functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[2])).serve_forever()
PY

# dumpcap writes the machine's CPU and kernel into the section header: replace those values, keeping their lengths' structure.
neutral() {
    /usr/bin/python3 - "$1" "$2" <<'PY'
import struct, sys
data = open(sys.argv[1], 'rb').read()
u16, u32 = lambda o: struct.unpack_from('<H', data, o)[0], lambda o: struct.unpack_from('<I', data, o)[0]
assert data[:4] == b'\x0a\x0d\x0d\x0a' and u32(8) == 0x1A2B3C4D
texts = {2: b'a CPU', 3: b'Linux', 4: b'Dumpcap (Wireshark)'}
options, at, end = b'', 24, u32(4) - 4
while at + 4 <= end and u16(at) != 0:
    text = texts.get(u16(at), b'')
    options += struct.pack('<HH', u16(at), len(text)) + text + b'\0' * (-len(text) % 4)
    at += 4 + u16(at + 2) + (-u16(at + 2) % 4)
options += struct.pack('<HH', 0, 0)
length = 24 + len(options) + 4
body = struct.pack('<II', 0x0A0D0D0A, length) + data[8:24] + options + struct.pack('<I', length)
rest = data[u32(4):]
def idb_clean(rest): # the same text stands in if_os of every interface
    result, at = b'', 0
    while at < len(rest):
        kind, size = struct.unpack_from('<II', rest, at)
        block = rest[at:at + size]
        if kind == 1:
            options, o = b'', 16
            while o + 4 <= size - 4:
                code, length = struct.unpack_from('<HH', block, o)
                value = block[o + 4:o + 4 + length]
                o += 4 + length + (-length % 4)
                if code == 12: value = b'Linux'
                options += struct.pack('<HH', code, len(value)) + value + b'\0' * (-len(value) % 4)
                if code == 0: break
            total = 16 + len(options) + 4
            block = struct.pack('<II', 1, total) + block[8:16] + options + struct.pack('<I', total)
        result += block
        at += size
    return result
open(sys.argv[2], 'wb').write(body + idb_clean(rest))
PY
}

# What everything is captured with. The classic files are tcpdump's, the pcapng file is dumpcap's.
start $router dumpcap -q -i left0 -i right0 -w "$work/mixed.pcapng" 2>"$work/dumpcap.log"
start $client tcpdump -q -U -i eth0 -w "$work/client.pcap" --time-stamp-precision=micro 2>/dev/null
start $server tcpdump -q -U -i any -w "$work/any.pcap" --time-stamp-precision=nano 2>/dev/null
start $server tcpdump -q -U -i any -y LINUX_SLL -s 80 -w "$work/sll-snap.pcap" 2>/dev/null
sleep 3

start $server nc -l -u -k -p 47001 </dev/null >/dev/null 2>&1
for address in 198.51.100.2 2001:db8:2::2; do start $server /usr/bin/python3 "$work/web.py" $address "$work" >/dev/null 2>&1; done
sleep 1

in_ns $client ping -q -c 3 -i 0.2 198.51.100.2 >/dev/null                       # ARP, echo, through the router
in_ns $client ping -q -c 2 -i 0.2 -s 4000 198.51.100.2 >/dev/null               # three fragments each way
in_ns $client ping -q -c 2 -i 0.2 -6 2001:db8:2::2 >/dev/null                   # neighbour discovery, ICMPv6 echo
in_ns $client ping -q -c 1 -6 -s 3000 2001:db8:2::2 >/dev/null                  # IPv6 fragment header
in_ns $client ping -q -c 2 -i 0.2 203.0.113.254 >/dev/null                      # tagged, VLAN 100
in_ns $client ping -q -c 1 -t 1 198.51.100.2 >/dev/null || true                 # time exceeded from the router
in_ns $client ping -q -c 1 -W 1 198.51.100.77 >/dev/null || true                # ARP without an answer
in_ns $client /usr/bin/python3 "$work/udp.py" 198.51.100.2 47001                 # UDP received
in_ns $client /usr/bin/python3 "$work/udp.py" 198.51.100.2 47999                 # port unreachable
printf 'hello over nc\n' | in_ns $client nc -u -w 1 198.51.100.2 47001 || true
in_ns $client curl -s --noproxy "*" -m 5 -o /dev/null http://198.51.100.2:8080/payload             # TCP, 24 kB
in_ns $client curl -s --noproxy "*" -m 5 -o /dev/null 'http://[2001:db8:2::2]:8080/udp.py'         # TCP over IPv6
in_ns $client curl -s --noproxy "*" -m 5 -o /dev/null http://198.51.100.2:9 || true                # SYN answered by RST
sleep 4 # unreachable host, neighbour probes

for pid in "${jobs_of_ours[@]}"; do kill "$pid" 2>/dev/null || true; done
sleep 1

neutral "$work/mixed.pcapng" "$out/linux-mixed.pcapng"
cp "$work/client.pcap" "$out/linux-client.pcap"
cp "$work/any.pcap" "$out/linux-any-sll2.pcap"
cp "$work/sll-snap.pcap" "$out/linux-any-sll-snap80.pcap"

# What tshark says of each: number, absolute time, captured length, original length, interface.
for file in "$out"/linux-*.pcap*; do
    name=$(basename "$file")
    tshark -r "$file" -T fields -e frame.number -e frame.time_epoch -e frame.cap_len -e frame.len -e frame.interface_id \
        2>/dev/null > "$out/expected-${name%%.*}.txt"
    printf '%s: %d packets, %d bytes\n' "$name" "$(wc -l < "$out/expected-${name%%.*}.txt")" "$(stat -c %s "$file")"
done
