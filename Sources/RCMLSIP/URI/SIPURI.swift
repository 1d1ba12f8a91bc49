import COsip
import RCMLBasics

/// A `sip:` or `sips:` URI, read (RFC 3261 §19.1).
public struct SIPURI: Hashable, Sendable {
  public enum Scheme: UInt8, Sendable { case sip, sips }

  public enum Host: Hashable, Sendable {
    case name([UInt8])
    /// With port 0.
    case address(SocketAddress)
  }

  /// The transport parameter.
  public enum TransportParameter: UInt8, Sendable { case udp, tcp, tls, other }

  public private(set) var scheme: Scheme
  /// As it stood: escapes are not undone, so `%00` ends nothing (failures §2.0). Empty = none.
  public private(set) var user: [UInt8]
  public private(set) var host: Host
  public private(set) var port: UInt16?
  public private(set) var transport: TransportParameter?
  /// `;lr`: the route is a loose router's.
  public private(set) var isLoose = false
  /// The method parameter, as it stood.
  public private(set) var method: [UInt8]?
  /// `user=phone` and the like.
  public private(set) var userParameter: [UInt8]?
  public private(set) var maddr: [UInt8]?
  /// There is a part behind a question mark; `headers` has it as it stood.
  public private(set) var hasHeaders = false
  public private(set) var headers: [UInt8] = []
}

extension SIPURI {
  /// Who a request for it goes to: `maddr` stands before the host (RFC 3261 §19.1.1).
  var server: Host {
    guard let maddr else { return host }
    return SocketAddress.read(host: maddr[...], port: 0).map { .address($0) } ?? .name(maddr)
  }

  /// Longest URI that is read.
  public static let lengthLimit = 4_096

  /// nil when it is not a SIP URI. Host, port and user are ours to judge (libosip2 takes an IPv6 address without
  /// brackets for a name); the rest of the grammar is libosip2's.
  public static func read(_ text: ArraySlice<UInt8>) -> SIPURI? { read(text, withUser: true) }

  /// `withUser` false: who only wants to know the place needs no copy of the user.
  static func read(_ text: ArraySlice<UInt8>, withUser: Bool) -> SIPURI? {
    guard text.count <= lengthLimit else { return nil }
    return text.withUnsafeBytes { octets -> SIPURI? in
      guard octets.isURIText(0..<octets.count),
        let colon = octets.first(UInt8(ascii: ":"), from: 0, to: octets.count)
      else { return nil }
      let scheme: Scheme
      if octets.equalsIgnoringCase("sip", 0..<colon) {
        scheme = .sip
      } else if octets.equalsIgnoringCase("sips", 0..<colon) {
        scheme = .sips
      } else {
        return nil
      }
      guard let parts = SIPURIText.read(octets, colon + 1..<octets.count) else { return nil }
      let hostText = octets[parts.host]
      let isReference = hostText.first == UInt8(ascii: "[")
      let bare = isReference ? parts.host.lowerBound + 1..<parts.host.upperBound - 1 : parts.host
      let address = HostText.address(octets, bare)
      var uri = SIPURI(
        scheme: scheme, user: withUser ? Array(octets[parts.user]) : [],
        host: address.map { .address($0) } ?? .name(Array(hostText)), port: parts.port)
      uri.hasHeaders = parts.hasHeaders
      uri.headers = Array(octets[parts.headers])
      // No `%00` behind the host: decoded into a C string it would end it.
      guard !SIPURI.hasEscapedNull(octets, parts.parameters) else { return nil }
      return uri.readParameters(octets, parts) ? uri : nil
    }
  }

  private static func hasEscapedNull(
    _ octets: UnsafeRawBufferPointer, _ range: Range<Int>
  ) -> Bool {
    guard range.count >= 3 else { return false }
    return (range.lowerBound..<range.upperBound - 2).contains {
      octets.equals("%00", $0..<$0 + 3)
    }
  }

  /// Hands scheme, host and parameters to libosip2, without user and header part, and reads its list.
  private mutating func readParameters(
    _ octets: UnsafeRawBufferPointer, _ parts: SIPURIText
  ) -> Bool {
    guard !parts.parameters.isEmpty else { return true }
    Osip.ready()
    var parsed: UnsafeMutablePointer<osip_uri_t>?
    guard osip_uri_init(&parsed) == 0, let parsed else { return false }
    defer { osip_uri_free(parsed) }
    var text = Array("sip:host".utf8)
    text.append(contentsOf: octets[parts.parameters])
    text.append(0)
    let result = text.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { osip_uri_parse(parsed, $0.baseAddress) }
    }
    guard result == 0 else { return false }
    var position: Int32 = 0
    while let entry = osip_list_get(&parsed.pointee.url_params, position) {
      let parameter = entry.assumingMemoryBound(to: osip_uri_param_t.self).pointee
      take(name: octetsOf(parameter.gname), value: octetsOf(parameter.gvalue))
      position += 1
    }
    return true
  }

  private func octetsOf(_ text: UnsafeMutablePointer<CChar>?) -> [UInt8] {
    guard let text else { return [] }
    return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }

  private mutating func take(name: [UInt8], value: [UInt8]) {
    if name[...].equalsIgnoringCase("transport") {
      transport =
        value[...].equalsIgnoringCase("udp")
        ? .udp
        : value[...].equalsIgnoringCase("tcp")
          ? .tcp : value[...].equalsIgnoringCase("tls") ? .tls : .other
    } else if name[...].equalsIgnoringCase("lr") {
      isLoose = true
    } else if name[...].equalsIgnoringCase("method") {
      method = value
    } else if name[...].equalsIgnoringCase("user") {
      userParameter = value
    } else if name[...].equalsIgnoringCase("maddr") {
      maddr = value
    }
  }
}
