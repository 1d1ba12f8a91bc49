import RCMLBasics
import RCMLMedia
import RCMLSIP

/// One party's video: a stream of its own that is passed on and never understood. Where anything is missing — a port,
/// the party's or the other party's consent — its m-line is refused and the call goes on with sound alone.
struct VideoSide {
  let stream: MediaID
  /// Where its RTP is; 0 = not known yet, or there was none to be had.
  private(set) var port: UInt16 = 0
  /// The engine knows where it goes.
  private(set) var isDescribed = false

  init(stream: MediaID) { self.stream = stream }

  mutating func opened(port: UInt16) { self.port = port }

  /// Both agreed.
  func isOn(_ pair: VideoPair) -> Bool { pair.remote != nil && pair.plan != nil && port != 0 }

  /// To a party's offer, by what the other one can do; nil = nothing both can.
  func answer(to remote: VideoDescription?, by partner: VideoPair) -> VideoPlan? {
    guard port != 0, let remote, let other = partner.offer(port: port) else { return nil }
    var formats = VideoPair.common(remote.formats, other.formats)
    guard !formats.isEmpty, remote.profile == other.profile else { return nil }
    // What the other party says about a format is what this one has to send.
    for place in formats.indices {
      let same = other.formats.first {
        $0.payload == formats[place].payload && $0.names(formats[place])
      }
      let known = same ?? other.formats.first { $0.names(formats[place]) }
      formats[place].parameters = known?.parameters ?? []
    }
    return VideoPlan(
      port: port, profile: remote.profile, formats: formats,
      direction: remote.direction.answered, feedback: other.feedback, bandwidth: other.bandwidth)
  }

  /// What the engine is to know now; nil = what it knows already: nothing.
  /// `edition`: of the party's words.
  mutating func description(
    of pair: VideoPair, _ settings: MediaSettings, edition: UInt32
  ) -> StreamDescription? {
    guard isOn(pair) || isDescribed else { return nil }
    isDescribed = isOn(pair)
    var description = StreamDescription()
    description.isUntouched = true
    description.sender.lock = settings.lock
    description.sender.edition = edition
    guard isOn(pair), let remote = pair.remote, let plan = pair.plan else {
      return description
    }
    let isSomewhere = remote.address.map { !$0.isWildcard && $0.port != 0 } ?? false
    description.remote = isSomewhere ? remote.address : nil
    description.control = isSomewhere ? remote.control : nil
    description.sends = remote.direction == .sendrecv || remote.direction == .recvonly
    description.receives = remote.direction == .sendrecv || remote.direction == .sendonly
    description.incoming = plan.formats.map { .init($0.payload, .other($0.encoding)) }
    description.outgoing = pair.agreed.map { .init($0.payload, .other($0.encoding)) }
    return description
  }
}

/// What was said about one party's video.
struct VideoPair {
  /// What the party offers or took, by its last word; nil = no video.
  var remote: VideoDescription?
  /// What we told it last; nil = no video.
  var plan: VideoDescription?

  /// What the party wants of what we named, by its own numbers.
  var agreed: [AudioFormat] {
    guard let plan, let remote else { return [] }
    return VideoPair.common(remote.formats, plan.formats)
  }

  /// For the other party: it hears of what this one can do, and gets its numbers.
  func offer(port: UInt16) -> VideoPlan? {
    guard let remote else { return nil }
    let formats = plan == nil ? remote.formats : agreed
    guard !formats.isEmpty else { return nil }
    return VideoPlan(
      port: port, profile: remote.profile, formats: formats, direction: remote.direction,
      feedback: remote.feedback, bandwidth: remote.bandwidth)
  }

  /// Those with the same number and name; where none has, those with the same name.
  static func common(_ formats: [AudioFormat], _ others: [AudioFormat]) -> [AudioFormat] {
    let same = formats.filter { format in
      others.contains { $0.payload == format.payload && $0.names(format) }
    }
    return same.isEmpty ? formats.filter { format in others.contains { $0.names(format) } } : same
  }
}

extension VideoPlan {
  /// What we said, said again.
  init(_ said: VideoDescription, port: UInt16) {
    self.init(
      port: port, profile: said.profile, formats: said.formats, direction: .sendrecv,
      feedback: said.feedback, bandwidth: said.bandwidth)
  }
}
