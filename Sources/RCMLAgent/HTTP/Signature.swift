import RCMLBasics
import RCMLDial

/// What proves to an application that a request is ours (spec H-22). Off without a key.
struct Signature {
  let key: Private<String>
  let header: [UInt8]
  let mode: Settings.SignatureMode

  /// nil: this machine cannot compute it, and the request goes unsigned, so that an application that insists refuses
  /// it.
  ///
  /// `url`: as it goes out. `parameters`: those of a POST, decoded; none for a GET. `seconds`: since 1970.
  func line(url: String, parameters: [Parameter], body: [UInt8], seconds: Int64) -> HeaderLine? {
    let key = Array(self.key.exposed.utf8)
    switch mode {
    case .sha1:
      var text = url
      // Equal names keep their order: sorting has to be stable.
      for (_, parameter) in parameters.enumerated().sorted(by: Signature.isBefore) {
        text += parameter.name + parameter.value
      }
      guard let digest = Digest.hmac(.sha1, key: key, Array(text.utf8)) else { return nil }
      return HeaderLine(name: header, value: Base64.encode(digest))
    case .sha256:
      let time = Array("\(seconds)".utf8)
      guard let digest = Digest.hmac(.sha256, key: key, time + [UInt8(ascii: ".")] + body) else {
        return nil
      }
      let value = Array("t=".utf8) + time + Array(",v1=".utf8) + Digest.hex(digest)
      return HeaderLine(name: header, value: value)
    }
  }

  private static func isBefore(
    _ a: (offset: Int, element: Parameter), _ b: (offset: Int, element: Parameter)
  ) -> Bool {
    let (first, second) = (Array(a.element.name.utf8), Array(b.element.name.utf8))
    if first != second { return first.lexicographicallyPrecedes(second) }
    return a.offset < b.offset
  }
}
