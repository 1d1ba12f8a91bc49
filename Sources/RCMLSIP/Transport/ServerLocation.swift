import RCMLBasics

/// Where the server of one URI is: what is known, and whom to ask about next (RFC 3263 §4, spec T-2).
struct ServerLocation: Sendable {
  var machine = LocationMachine()
  let host: [UInt8]
  /// Of the URI; nil = that of the transport.
  private let namedPort: UInt16?
  /// Who has to be there, where that is to be proved: what the URI says, whatever name servers make of it (spec T-8).
  let domain: [UInt8]
  /// The transport the URI names; nil = none named, and a large request may go over TCP (T-3).
  let namedTransport: Transport?
  /// UDP, unless the URI or a NAPTR record says otherwise (T-1).
  private(set) var transport: Transport
  /// The name of the service, where a NAPTR record said it.
  private var namedService: [UInt8]?
  /// What SRV said, in the order of trying; the first ones have been asked about.
  private(set) var targets: [ServiceTarget] = []
  private var asked = 0

  init(host: [UInt8], port: UInt16?, transport: Transport?, domain: [UInt8]) {
    self.host = host
    namedPort = port
    self.domain = domain
    namedTransport = transport
    self.transport = transport ?? .udp
  }

  /// The port the addresses found now are tried at.
  var targetPort: UInt16 {
    asked > 0 && asked <= targets.count
      ? targets[asked - 1].port : namedPort ?? transport.defaultPort
  }

  var hasMoreTargets: Bool { asked < targets.count }

  /// The name whose addresses are wanted next: a target, or the host itself where there was no SRV.
  mutating func nextTarget() -> [UInt8] {
    guard asked < targets.count else { return host }
    asked += 1
    return targets[asked - 1].name
  }

  mutating func take(_ targets: [ServiceTarget]) {
    self.targets = targets
    asked = 0
  }

  /// False: none of them is for us. The best one that is decides (RFC 3263 §4.1).
  mutating func take(_ pointers: [PointerRecord], usable: (Transport) -> Bool) -> Bool {
    var best: (rank: (UInt16, UInt16), transport: Transport, name: [UInt8])?
    for pointer in pointers.prefix(Limits.nameRecords) {
      guard let transport = ServerLocation.transport(of: pointer), usable(transport),
        !pointer.replacement.isEmpty
      else { continue }
      let rank = (pointer.order, pointer.preference)
      if let best, best.rank <= rank { continue }
      best = (rank, transport, pointer.replacement)
    }
    guard let best else { return false }
    transport = best.transport
    namedService = best.name
    return true
  }

  /// RFC 3263 §4.1, RFC 2915: `s`, and the service of SIP over UDP, TCP or TLS.
  private static func transport(of pointer: PointerRecord) -> Transport? {
    guard lowered(pointer.flags) == Array("s".utf8) else { return nil }
    let service = lowered(pointer.service)
    if service == Array("sip+d2u".utf8) { return .udp }
    if service == Array("sip+d2t".utf8) { return .tcp }
    if service == Array("sips+d2t".utf8) { return .tls }
    return nil
  }

  private static func lowered(_ text: [UInt8]) -> [UInt8] {
    text.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
  }

  /// The name that SRV is asked for.
  var service: [UInt8] {
    if let namedService { return namedService }
    let label: StaticString =
      switch transport {
      case .udp: "_sip._udp."
      case .tcp: "_sip._tcp."
      case .tls: "_sips._tcp."
      }
    var writer = ByteWriter(capacity: host.count + 11)
    writer.append(label)
    writer.append(host)
    return writer.finish()
  }

  /// RFC 6761 §6.3: nobody is asked about it.
  var isLocal: Bool { ServerLocation.lowered(host) == Array("localhost".utf8) }
}
