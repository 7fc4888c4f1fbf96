import Testing

@testable import HTTPEdge

@Suite("Sealed links")
struct LinkSealerTests {
    let sealer = LinkSealer(key: Array(repeating: 7, count: 32))

    @Test(
        "what was sealed is opened again",
        arguments: [[], [""], ["a", "", "Ж|.=\0"], [String(repeating: "x", count: 100_000)]])
    func roundTrip(fields: [String]) {
        let token = sealer.seal(purpose: "download", fields: fields)
        #expect(sealer.open(token, purpose: "download") == fields)
        #expect(
            token.utf8.allSatisfy {
                $0 == 0x2d || $0 == 0x2e || $0 == 0x5f || ($0 < 0x80 && Character(UnicodeScalar($0)).isLetter)
                    || (0x30...0x39).contains($0)
            })
    }

    @Test("a token is its fields and their code, as any other program would make it")
    func vector() {
        // b64(p) + "." + b64(hmac.new(bytes([7] * 32), b"\x08download" + p, "sha256").digest()) in Python, without the "=",
        // where p is b"\x0212\x00\x02" + "Ж".encode().
        #expect(
            sealer.seal(purpose: "download", fields: ["12", "", "Ж"])
                == "AjEyAALQlg.kyBX-Lmw-9igFAvXKy5L5H67KWfORAqB77tdQGdzZEU")
    }

    @Test("another purpose, another key and every changed character are refused")
    func refusals() {
        let token = sealer.seal(purpose: "download", fields: ["12", "34"])
        #expect(sealer.open(token, purpose: "upload") == nil)
        #expect(LinkSealer(key: Array(repeating: 8, count: 32)).open(token, purpose: "download") == nil)
        var bytes = Array(token.utf8)
        for index in bytes.indices {
            for replacement in "AQgw.-=".utf8 where bytes[index] != replacement {
                let old = bytes[index]
                bytes[index] = replacement
                #expect(sealer.open(String(decoding: bytes, as: UTF8.self), purpose: "download") == nil)
                bytes[index] = old
            }
        }
        for text in [
            "", ".", "..", token + "A", token + "=", String(token.dropLast()), " " + token, token + "." + token,
        ] {
            #expect(sealer.open(text, purpose: "download") == nil)
        }
    }

    @Test("fields cannot be shifted into the purpose or into each other")
    func boundaries() {
        #expect(sealer.seal(purpose: "a", fields: ["bc"]) != sealer.seal(purpose: "ab", fields: ["c"]))
        #expect(sealer.seal(purpose: "p", fields: ["ab", "c"]) != sealer.seal(purpose: "p", fields: ["a", "bc"]))
    }

    @Test("random text is as long as it was asked for, and never the same twice, whoever asks at once")
    func random() async {
        for words in 1...32 {
            let text = RandomHex.text(words: words)
            #expect(text.utf8.count == 16 * words)
            #expect(text.allSatisfy { "0123456789abcdef".contains($0) })
        }
        let all = await withTaskGroup(of: [String].self) { group in
            for words in 1...4 {
                group.addTask { (0..<5000).map { _ in String(RandomHex.text(words: words).suffix(16)) } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(all).count == 20_000)
    }

    @Test(
        "base64url vectors of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, encoded: String) {
        #expect(Base64URL.encode(plain.utf8) == encoded)
        #expect(Base64URL.decode(encoded.utf8) == Array(plain.utf8))
    }
}
