import RCMLBasics

extension Message {
  /// Its header fields, form-encoded in the order of arrival, compact names written out; without credentials. For a
  /// host that looks at an INVITE (spec Q-33).
  public func headerForm() -> [UInt8] {
    var form: [UInt8] = []
    form.reserveCapacity(1_024)
    bytes.withUnsafeBytes { octets in
      for field in parts.fields where !Message.isCredential(field, octets) {
        if !form.isEmpty { form.append(UInt8(ascii: "&")) }
        let name = field.name.name
        if name.utf8CodeUnitCount > 0 {
          name.withUTF8Buffer { for octet in $0 { PercentEncoding.appendForm(octet, to: &form) } }
        } else {
          for octet in octets[field.nameRange] { PercentEncoding.appendForm(octet, to: &form) }
        }
        form.append(UInt8(ascii: "="))
        for octet in octets[field.valueRange] {
          PercentEncoding.appendForm(octet.isHeaderOctet ? octet : 32, to: &form)
        }
      }
    }
    return form
  }

  /// What a journal masks: `Authorization`, `Proxy-Authorization`, and signatures under whatever name.
  private static func isCredential(_ field: Field, _ octets: UnsafeRawBufferPointer) -> Bool {
    switch field.name {
    case .authorization, .proxyAuthorization: return true
    case .other:
      let end: StaticString = "-signature"
      let range = field.nameRange
      return range.count > end.utf8CodeUnitCount
        && octets.equalsIgnoringCase(
          end, range.upperBound - end.utf8CodeUnitCount..<range.upperBound)
    default: return false
    }
  }
}
