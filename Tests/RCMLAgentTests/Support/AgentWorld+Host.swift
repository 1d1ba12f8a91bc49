import RCMLBasics
import RCMLDial
import RCMLMedia

@testable import RCMLAgent

/// Parties of the host's own.
extension AgentWorld {
  /// What the host was told of a party, in words: `call host:desk`, `answer`, `reject 486`.
  func hostActions(_ party: Party = .caller) -> [String] {
    hostEvents(party).map { action in
      switch action {
      case .ring(let code, _): "ring \(code)"
      case .answer: "answer"
      case .reject(let code, _, _): "reject \(code)"
      case .hangUp: "hangUp"
      case .call(let invite): "call \(invite.to)"
      case .offer: "offer"
      case .accepted: "accepted"
      case .refused(let code): "refused \(code)"
      case .key(let key): "key \(String(decoding: [key], as: UTF8.self))"
      }
    }
  }

  func hostEvents(_ party: Party = .caller) -> [HostAction] {
    events.compactMap { event in
      guard case .onCall(_, .host(party, let action)) = event else { return nil }
      return action
    }
  }

  /// The description of the last action that had one.
  func hostDescription(_ party: Party = .caller) -> [UInt8]? {
    hostEvents(party).compactMap { action -> [UInt8]? in
      switch action {
      case .ring(_, let sdp), .answer(let sdp), .offer(let sdp), .accepted(let sdp):
        sdp.isEmpty ? nil : sdp
      case .call(let invite): invite.sdp.isEmpty ? nil : invite.sdp
      case .reject, .hangUp, .refused, .key: nil
      }
    }.last
  }

  @discardableResult
  func hostCall(
    _ document: String?, media: HostMedia = .linear16, sdp: [UInt8] = [], from: String = "100",
    to: String = "200"
  ) -> Result<CommandResult, Refusal> {
    command(
      .hostCall(
        HostCaller(from: from, to: to, name: "Alice", media: media, sdp: sdp),
        document.map { .text(Array($0.utf8), baseURL: "") }))
  }

  @discardableResult
  func hostSays(
    _ news: HostPartyReport, of leg: UInt32? = nil, call: UInt64 = 1
  ) -> Result<CommandResult, Refusal> {
    command(.onCall(CallNumber(call), .hostSays(leg.map { LegNumber($0) }, news)))
  }

  /// Answers every question about a target with this party.
  func resolveTargets(to uri: String) {
    for target in targets {
      command(.answer(target.id, .target(.instead(uri: uri, username: nil, password: nil))))
    }
  }

  /// A party of the host's says and hears frames of 20 ms from now on, `count` of them; what it heard, silence where
  /// there was nothing.
  func talk(
    _ leg: UInt32? = nil, call: UInt64 = 1, says: [Int16] = [], count: Int,
    heard: @escaping ([Int16]) -> Void
  ) {
    var said = 0
    var samples: [Int16] = []
    func tick() {
      if let stream = agent.frameStream(of: leg.map { LegNumber($0) }, CallNumber(call)) {
        let frame = (0..<160).flatMap { place -> [UInt8] in
          let sample = says.isEmpty ? 0 : says[(said * 160 + place) % says.count]
          return withUnsafeBytes(of: sample) { Array($0) }
        }
        pushed(media.push(stream, frame, at: now))
        let octets = media.pull(stream) ?? Array(repeating: 0, count: 320)
        samples += octets.withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
      } else {
        samples += Array(repeating: 0, count: 160)
      }
      said += 1
      guard said < count else { return heard(samples) }
      after(.milliseconds(20)) { tick() }
    }
    tick()
  }
}
