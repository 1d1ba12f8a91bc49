import RCMLBasics
import RCMLMedia

/// The sound of a phone: it says what it is told, 20 ms at a time, and remembers what it hears.
package struct SoundPhone {
  package let address: SocketAddress
  /// Where its packets go; 0 = nowhere yet.
  package var port: UInt16 = 0
  package var payloadType: UInt8 = 0
  package var eventType: UInt8 = 101
  /// What it says, again and again; empty = nothing.
  package var voice: [Int16] = []
  /// Samples it heard, with silence where nothing came; the first of them was heard at `heardFrom`.
  package private(set) var heard: [Int16] = []
  package private(set) var heardFrom: Instant?
  /// Keys it heard by RFC 4733.
  package private(set) var keys: [UInt8] = []
  /// Payload types it heard.
  package private(set) var types: Set<UInt8> = []

  private var sequence: UInt16 = 100
  private var timestamp: UInt32 = 4_000
  private var place = 0
  private var press: (key: UInt8, timestamp: UInt32, sent: Int)?
  private var lastPress: UInt32?
  private let source: UInt32

  package init(_ address: SocketAddress, source: UInt32) {
    self.address = address
    self.source = source
  }

  package mutating func pressKey(_ key: UInt8) { press = (key, timestamp, 0) }

  /// The packet of the next 20 ms.
  package mutating func frame() -> [UInt8]? {
    defer { timestamp &+= 160 }
    if var press {
      press.sent += 1
      self.press = press.sent == 8 ? nil : press
      let event = TelephoneEvent(
        key: press.key, isEnd: press.sent > 5, duration: UInt16(min(press.sent, 5) * 160))
      return packet(
        eventType, press.timestamp, marker: press.sent == 1, event.octets ?? [])
    }
    guard !voice.isEmpty else { return nil }
    var payload: [UInt8] = []
    for _ in 0..<160 {
      payload.append(G711.encode(voice[place], payloadType == 8 ? .a : .mu))
      place = (place + 1) % voice.count
    }
    return packet(payloadType, timestamp, marker: false, payload)
  }

  private mutating func packet(
    _ type: UInt8, _ timestamp: UInt32, marker: Bool, _ payload: [UInt8]
  ) -> [UInt8] {
    let header = RTPHeader(
      payloadType: type, marker: marker, sequence: sequence, timestamp: timestamp, source: source)
    sequence &+= 1
    var octets = [UInt8](repeating: 0, count: 12) + payload
    octets.withUnsafeMutableBytes { _ = header.write(to: $0) }
    return octets
  }

  package mutating func hear(_ octets: [UInt8], at now: Instant) {
    guard let header = octets.withUnsafeBytes({ RTPHeader.read($0) }) else { return }
    let payload = Array(octets[header.payload])
    types.insert(header.payloadType)
    if header.payloadType == eventType {
      let event = payload.withUnsafeBytes { TelephoneEvent.read($0) }
      if let event, lastPress != header.timestamp {
        keys.append(event.key)
        lastPress = header.timestamp
      }
      return
    }
    guard header.payloadType == 0 || header.payloadType == 8 else { return }
    let from = heardFrom ?? now
    heardFrom = from
    let place = Int((now - from).nanoseconds / 125_000)
    if heard.count < place { heard += Array(repeating: 0, count: place - heard.count) }
    heard += payload.map { G711.decode($0, header.payloadType == 8 ? .a : .mu) }
  }

  /// How strong a tone was between two instants of what it heard.
  package func amplitude(of frequency: Double, from: Instant, to: Instant) -> Double {
    guard let heardFrom else { return 0 }
    let first = max(0, Int((from - heardFrom).nanoseconds / 125_000))
    let last = min(heard.count, Int((to - heardFrom).nanoseconds / 125_000))
    return first < last ? Goertzel.amplitude(of: frequency, in: heard[first..<last]) : 0
  }
}
