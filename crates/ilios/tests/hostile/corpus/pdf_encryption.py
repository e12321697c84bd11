"""PDF files behind a password, so that no library is needed for them."""

import hashlib
import struct

from .pdf_parts import pdf1, text

# --- small RC4 / AES / PDF security handler (so that encrypted samples need no library)
PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key, data):
    s = list(range(256))
    j = 0
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) & 255
        s[i], s[j] = s[j], s[i]
    i = j = 0
    out = bytearray()
    for c in data:
        i = (i + 1) & 255
        j = (j + s[i]) & 255
        s[i], s[j] = s[j], s[i]
        out.append(c ^ s[(s[i] + s[j]) & 255])
    return bytes(out)


def _sbox():
    p = q = 1
    s = [0] * 256
    while True:
        p = p ^ ((p << 1) & 255) ^ (0x1B if p & 0x80 else 0)
        q ^= q << 1
        q ^= q << 2
        q ^= q << 4
        q &= 255
        if q & 0x80:
            q ^= 9
        x = q
        for r in (1, 2, 3, 4):
            x ^= ((q << r) | (q >> (8 - r))) & 255
        s[p] = x ^ 0x63
        if p == 1:
            break
    s[0] = 0x63
    return s


SB = _sbox()
X2 = [((i << 1) ^ (0x1B if i & 0x80 else 0)) & 255 for i in range(256)]


def _expand(key):
    nk = len(key) // 4
    nr = nk + 6
    w = [list(key[4 * i : 4 * i + 4]) for i in range(nk)]
    rc = 1
    for i in range(nk, 4 * (nr + 1)):
        t = list(w[i - 1])
        if i % nk == 0:
            t = [SB[b] for b in t[1:] + t[:1]]
            t[0] ^= rc
            rc = X2[rc]
        elif nk > 6 and i % nk == 4:
            t = [SB[b] for b in t]
        w.append([a ^ b for a, b in zip(w[i - nk], t)])
    return [sum(w[4 * r : 4 * r + 4], []) for r in range(nr + 1)]


SHIFT = [0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11]


def _block(rk, b):
    s = [x ^ k for x, k in zip(b, rk[0])]
    for r in rk[1:-1]:
        t = [SB[s[i]] for i in SHIFT]
        s = []
        for c in range(0, 16, 4):
            a0, a1, a2, a3 = t[c : c + 4]
            u = a0 ^ a1 ^ a2 ^ a3
            s += [a0 ^ u ^ X2[a0 ^ a1], a1 ^ u ^ X2[a1 ^ a2], a2 ^ u ^ X2[a2 ^ a3], a3 ^ u ^ X2[a3 ^ a0]]
        s = [x ^ k for x, k in zip(s, r)]
    t = [SB[s[i]] for i in SHIFT]
    return bytes(x ^ k for x, k in zip(t, rk[-1]))


def aes_cbc(key, iv, data):
    rk = _expand(key)
    out = []
    for i in range(0, len(data), 16):
        iv = _block(rk, bytes(x ^ y for x, y in zip(data[i : i + 16], iv)))
        out.append(iv)
    return b"".join(out)


def hash_r6(pw, salt, u=b""):
    k = hashlib.sha256(pw + salt + u).digest()
    i = 0
    while True:
        e = aes_cbc(k[:16], k[16:32], (pw + k + u) * 64)
        k = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(e[:16]) % 3](e).digest()
        i += 1
        if i >= 64 and e[-1] <= i - 32:
            return k[:32]


def pdf_encrypted(kind, user, owner=b"owner"):
    ID = bytes(range(16))
    P = -44
    content = text()
    if kind in ("rc4_40", "rc4_128"):
        n, rev, v = (5, 2, 1) if kind == "rc4_40" else (16, 3, 2)
        k = hashlib.md5((owner + PAD)[:32]).digest()
        if rev == 3:
            for _ in range(50):
                k = hashlib.md5(k[:n]).digest()
        k = k[:n]
        O = rc4(k, (user + PAD)[:32])
        if rev == 3:
            for i in range(1, 20):
                O = rc4(bytes(b ^ i for b in k), O)
        k = hashlib.md5((user + PAD)[:32] + O + struct.pack("<i", P) + ID).digest()
        if rev == 3:
            for _ in range(50):
                k = hashlib.md5(k[:n]).digest()
        k = k[:n]
        if rev == 2:
            U = rc4(k, PAD)
        else:
            U = rc4(k, hashlib.md5(PAD + ID).digest())
            for i in range(1, 20):
                U = rc4(bytes(b ^ i for b in k), U)
            U += b"\0" * 16
        ok = hashlib.md5(k + struct.pack("<I", 4)[:3] + b"\0\0").digest()[: min(n + 5, 16)]
        content = rc4(ok, content)
        enc = b"<< /Filter /Standard /V %d /R %d /Length %d /P %d /O <%s> /U <%s> >>" % (
            v,
            rev,
            n * 8,
            P,
            O.hex().encode(),
            U.hex().encode(),
        )
    else:  # aes256 r6
        fk = hashlib.sha256(b"ilios file key").digest()
        vs, ks, ovs, oks = b"valsalt1", b"keysalt1", b"valsalt2", b"keysalt2"
        U = hash_r6(user, vs) + vs + ks
        UE = aes_cbc(hash_r6(user, ks), b"\0" * 16, fk)
        O = hash_r6(owner, ovs, U) + ovs + oks
        OE = aes_cbc(hash_r6(owner, oks, U), b"\0" * 16, fk)
        perms = struct.pack("<i", P) + b"\xff\xff\xff\xffTadbabcd"
        Pe = _block(_expand(fk), perms)
        iv = bytes(range(16, 32))
        pad = 16 - len(content) % 16
        content = iv + aes_cbc(fk, iv, content + bytes([pad]) * pad)
        enc = (
            b"<< /Filter /Standard /V 5 /R 6 /Length 256 /P %d /O <%s> /U <%s> /OE <%s> /UE <%s> /Perms <%s> "
            b"/CF << /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >> /StmF /StdCF /StrF /StdCF >>"
            % (P, O.hex().encode(), U.hex().encode(), OE.hex().encode(), UE.hex().encode(), Pe.hex().encode())
        )
    return pdf1(
        content=content,
        objs=[(6, enc)],
        trailer=b"/Encrypt 6 0 R /ID [<%s> <%s>]" % (ID.hex().encode(), ID.hex().encode()),
        ver=b"2.0" if kind == "aes256" else b"1.6",
    )
