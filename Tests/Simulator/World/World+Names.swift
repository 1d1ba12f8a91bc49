import RCMLAgent
import RCMLBasics

/// The name server of this world: it knows every callee by name, and sometimes lies, is slow, or says nonsense
/// (failures §3.2, DNS; spec T-2).
extension World {
  func resolve(_ id: ResolutionID, _ host: String) {
    var found: [SocketAddress] = []
    for (index, _) in scenario.callees.enumerated() where host == "callee\(index).example" {
      found = [SocketAddress(ipv4: 0x0a00_0201 + UInt32(index), port: 0)]
    }
    // An address where nobody is: an ICMP error or silence, a refused connection.
    if host.hasPrefix("dead") { found = [SocketAddress(ipv4: 0x0a00_0909, port: 0)] }
    if network.chance(scenario.faults.refuse) { found = [] }
    let input = found.isEmpty ? Input.names(id, .failed(.unknown)) : .names(id, .addresses(found))
    agenda.add(.looked(input), at: now + .milliseconds(network.within(0...300)))
  }

  func findServices(_ id: ResolutionID, _ name: String) {
    // What stands behind the two labels of the service.
    let host = String(name.drop { $0 != "." }.dropFirst().drop { $0 != "." }.dropFirst())
    var records: [ServiceRecord] = []
    switch names.below(scenario.faults.dns > 0 ? 10 : 3) {
    case 0: break
    case 1: records = [service(host)]
    case 2:
      // Some of them lead nowhere, but one of them to the callee.
      records = (0..<names.within(1...4)).map {
        service((names.chance(50) ? "nowhere" : "dead") + "\($0).example")
      }
      records.insert(service(host), at: names.below(records.count + 1))
    case 3: records = (0..<names.within(1...40)).map { _ in service("nowhere.example") }
    case 4: records = [ServiceRecord(priority: 0, weight: 0, port: 0, target: [])]
    case 5: records = (0..<16).map { _ in nonsense() }
    case 6: records = [service(name)]
    default: records = [service(host), nonsense(), service(host)]
    }
    answer(records.isEmpty ? .names(id, .failed(.unknown)) : .names(id, .services(records)))
  }

  func findPointers(_ id: ResolutionID, _ host: String) {
    var records: [PointerRecord] = []
    switch names.below(scenario.faults.dns > 0 ? 6 : 3) {
    case 0: break
    case 1: records = [pointer("SIP+D2U", "_sip._udp." + host)]
    case 2:
      records = [
        pointer("SIPS+D2T", "_sips._tcp." + host), pointer("SIP+D2U", "_sip._udp." + host),
      ]
    case 3: records = [pointer("E2U+sip", host), pointer("SIP+D2U", "")]
    default: records = (0..<40).map { pointer("SIP+D2U", "_\($0)._\($0).nowhere.example") }
    }
    answer(records.isEmpty ? .names(id, .failed(.unknown)) : .names(id, .pointers(records)))
  }

  /// Mostly soon; a server that is down is noticed late, or later than anybody waits.
  private func answer(_ input: Input) {
    let isSlow = names.chance(scenario.faults.dns)
    let after = isSlow ? names.within(1_000...20_000) : names.within(0...300)
    let said: Input
    if isSlow, names.chance(50), case .names(let id, .services) = input {
      said = .names(id, .failed(.unknown))
    } else {
      said = input
    }
    agenda.add(.looked(said), at: now + .milliseconds(after))
  }

  private func service(_ target: String) -> ServiceRecord {
    ServiceRecord(
      priority: UInt16(names.below(3)), weight: UInt16(names.below(3) * 40), port: 5060,
      target: Array(target.utf8))
  }

  private func pointer(_ service: String, _ replacement: String) -> PointerRecord {
    PointerRecord(
      order: UInt16(names.below(2)), preference: UInt16(names.below(2)), flags: Array("S".utf8),
      service: Array(service.utf8), replacement: Array(replacement.utf8))
  }

  private func nonsense() -> ServiceRecord {
    let length = names.one(of: [0, 1, 64, 255])
    return ServiceRecord(
      priority: UInt16(names.below(65_536)), weight: UInt16(names.below(65_536)),
      port: names.one(of: [0, 1, 65_535]),
      target: (0..<length).map { _ in UInt8(names.below(256)) })
  }
}
