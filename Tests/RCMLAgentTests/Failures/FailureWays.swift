import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

@testable import RCMLAgent

/// How each row of the table comes about.
enum FailureWays {
  typealias Way = @Sendable (FailedCall) -> Void

  static let all: [String: Way] = network.merging(refusals) { first, _ in first }
    .merging(security) { first, _ in first }
    .merging(media) { first, _ in first }.merging(partings) { first, _ in first }
    .merging(web) { first, _ in first }.merging(documents) { first, _ in first }
    .merging(ends) { first, _ in first }

  static let settings: [String: [(String, String)]] = [
    "target denied by the host": [("ask_targets", "all")],
    "noun nobody knows": [("ask_targets", "nouns")],
    "contact denied by the host": [("ask_targets", "all"), ("follow_redirects", "3")],
    "too many Dials": [("max_dials_per_call", "1")],
    "Max-Breadth used up": [("max_breadth", "1")],
    "redirect without a contact": [("follow_redirects", "3")],
    "redirects in a circle": [("follow_redirects", "9")],
    "redirects without end": [("follow_redirects", "1")],
    "host has no credentials": [("ask_credentials", "true")],
    "no common codec": [("media", "anchored")],
    "no media port": [("media", "anchored")],
    "frames past us": [("media", "direct"), ("ask_targets", "all")],
    "speech program fails": [("speech_program", "flite"), ("answer_mode", "immediate")],
    "sound missing": [("answer_mode", "immediate")],
    "recorder fails": [("recordings", "/r"), ("media", "anchored")],
    "nothing heard": [("media", "anchored"), ("media_timeout", "2")],
    "call too long": [("max_call_duration", "3")],
    "URL denied by the host": [("ask_urls", "all")],
    "called party hung up": [("after_bridge", "hangup")],
    "caller's password": [("require_auth", "alice:open-sesame")],
  ]

  private static func nobody(_ failure: NetworkFailure, _ target: String, _ call: FailedCall) {
    call.world.refusing[AgentWorld.place(5081)] = failure
    call.dial(target)
  }

  private static let tls = "<Sip>sip:a@127.0.0.1:5081;transport=tls</Sip>"

  /// Peers that are there and did not prove who they are (spec T-8).
  private static let security: [String: Way] = [
    "no handshake": { nobody(.tlsFailed, tls, $0) },
    "no TLS there": { nobody(.notTLS, tls, $0) },
    "handshake without end": { nobody(.tlsTimedOut, tls, $0) },
    "TLS too old": { nobody(.tlsVersion, tls, $0) },
    "our certificate refused": { nobody(.tlsRefused, tls, $0) },
    "certificates too large": { nobody(.certificateTooLarge, tls, $0) },
    "certificate broken": { nobody(.certificateBroken, tls, $0) },
    "certificate expired": { nobody(.certificateExpired, tls, $0) },
    "certificate not valid yet": { nobody(.certificateNotYetValid, tls, $0) },
    "certificate of another": { nobody(.certificateName, tls, $0) },
    "certificate signed by itself": { nobody(.certificateSelfSigned, tls, $0) },
    "certificate of an unknown issuer": { nobody(.certificateIssuerUnknown, tls, $0) },
    "certificate of an unfit issuer": { nobody(.certificateIssuerUnfit, tls, $0) },
    "certificate for something else": { nobody(.certificateUsage, tls, $0) },
    "certificate revoked": { nobody(.certificateRevoked, tls, $0) },
    "certificate not to be checked": { nobody(.certificateUnchecked, tls, $0) },
    "certificate too weak": { nobody(.certificateWeak, tls, $0) },
  ]

  private static let tcp = "<Sip>sip:a@127.0.0.1:5081;transport=tcp</Sip>"
  private static let unknown = "<Sip>sip:a@nosuch.invalid</Sip>"

  private static func unnamed(_ failure: NameFailure?, _ call: FailedCall) {
    call.world.nameFailure = failure
    call.dial(unknown, seconds: 40)
  }

  private static let network: [String: Way] = [
    "name unknown": { unnamed(.unknown, $0) },
    "name without address": { unnamed(.empty, $0) },
    "name server silent": { unnamed(nil, $0) },
    "name server broken": { unnamed(.other, $0) },
    "service denied": {
      $0.world.services = [ServiceRecord(priority: 0, weight: 0, port: 0, target: [])]
      $0.dial(unknown)
    },
    "nothing listens, UDP": { nobody(.refused, FailedCall.phone, $0) },
    "nothing listens, TCP": { nobody(.refused, tcp, $0) },
    "no route": { nobody(.noRoute, FailedCall.phone, $0) },
    "nothing can be sent": { nobody(.other, tcp, $0) },
    "connection not accepted": { nobody(.timedOut, tcp, $0) },
    "connection lost": { call in
      call.world.after(.milliseconds(200)) {
        let ours = call.world.streams.keys.filter { $0.node != call.world.address }
        for end in ours { call.world.close(end) }
      }
      call.meet(Phone.Script(), tcp)
    },
    "silent peer": { $0.dial(FailedCall.phone, seconds: 40) },
    "did not answer in time": {
      $0.meet(Phone.Script(), "<Sip x-timeout=\"3\">sip:a@127.0.0.1:5081</Sip>")
    },
    "nothing listens, TLS": { nobody(.refused, "<Sip>sips:a@127.0.0.1:5081</Sip>", $0) },
    "no libssl": { nobody(.noTLS, tls, $0) },
    "another transport": { $0.dial("<Sip>sip:a@127.0.0.1;transport=sctp</Sip>") },
    "no listener of the family": { $0.dial("<Sip>sip:a@[::1]:5081</Sip>") },
    "no URI": { $0.dial("<Sip>sip:a@h h</Sip>") },
    "noun nobody knows": {
      $0.run(FailedCall.dial("<Number>17</Number>"), seconds: 1)
      for asked in $0.world.targets { $0.world.command(.answer(asked.id, .target(.denied))) }
    },
    "nobody to call": { $0.run("<Response><Dial></Dial></Response>") },
    "target denied by the host": {
      $0.dial(FailedCall.phone, seconds: 1)
      for asked in $0.world.targets { $0.world.command(.answer(asked.id, .target(.denied))) }
    },
    "too many Dials": {
      $0.meet(.rejects(486), FailedCall.phone + "</Dial><Dial>" + FailedCall.phone)
    },
    "Max-Forwards used up": { $0.run(FailedCall.dial(FailedCall.phone), maxForwards: 1) },
    "Max-Breadth used up": {
      _ = $0.world.phone(5082, .answers(after: .seconds(3)))
      $0.meet(
        .answers(after: .seconds(2)), FailedCall.phone + "<Sip>sip:b@127.0.0.1:5082</Sip>")
    },
  ]

  private static let locked = [("require_auth", "alice:open-sesame")]

  private static let refusals: [String: Way] = [
    "busy": { $0.meet(.rejects(486)) }, "declined": { $0.meet(.rejects(603)) },
    "nobody of that name": { $0.meet(.rejects(404)) },
    "not available": { $0.meet(.rejects(480)) }, "forbidden": { $0.meet(.rejects(403)) },
    "server error": { $0.meet(.rejects(500)) }, "not acceptable": { $0.meet(.rejects(488)) },
    "loop detected": { $0.meet(.rejects(482)) },
    "redirect without a contact": { $0.meet(.rejects(302)) },
    "redirects not followed": { $0.meet(RedirectTests.pointing("<sip:a@127.0.0.1:5082>")) },
    "redirects in a circle": {
      _ = $0.world.phone(5082, RedirectTests.pointing("<sip:a@127.0.0.1:5081>"))
      $0.meet(RedirectTests.pointing("<sip:a@127.0.0.1:5082>"))
    },
    "redirects without end": {
      _ = $0.world.phone(5082, RedirectTests.pointing("<sip:a@127.0.0.1:5083>"))
      $0.meet(RedirectTests.pointing("<sip:a@127.0.0.1:5082>"))
    },
    "contact denied by the host": { call in
      let world = call.world
      world.after(.milliseconds(50)) {
        for asked in world.targets { world.command(.answer(asked.id, .target(.asItIs))) }
      }
      call.meet(RedirectTests.pointing("<sip:a@127.0.0.1:5082>"), seconds: 2)
      for asked in world.targets.suffix(1) {
        world.command(.answer(asked.id, .target(.denied)))
      }
    },
    "wrong password": {
      $0.meet(
        .answers(), settings: locked,
        "<Sip username=\"alice\" password=\"wrong\">sip:a@127.0.0.1:5081</Sip>")
    },
    "no credentials": { $0.meet(.answers(), settings: locked) },
    "host has no credentials": {
      $0.meet(.answers(), settings: locked, seconds: 1)
      for asked in $0.world.questions {
        $0.world.command(
          .answer(asked.id, .credentials(username: nil, password: Private(""))))
      }
    },
    "caller's password": {
      $0.caller.call(credentials: Credentials(username: "alice", password: "wrong"))
      $0.world.run(.seconds(2))
    },
    "drained": {
      $0.world.command(.drain)
      $0.caller.call()
      $0.world.run(.seconds(2))
    },
  ]

  private static func describes(_ text: String) -> Phone.Script {
    var script = Phone.Script.answers()
    script.media = Array(text.utf8)
    return script
  }

  private static let media: [String: Way] = [
    "unreadable answer": { $0.meet(describes("rubbish")) },
    "answer without description": { $0.meet(describes("")) },
    "no common codec": {
      $0.meet(
        describes(
          "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            + "m=audio 6000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n"))
    },
    "no media port": { call in
      call.world.heldMedia = []
      call.run(FailedCall.dial(FailedCall.phone), seconds: 1)
      let held = call.world.heldMedia ?? []
      call.world.heldMedia = []
      for case .open(let stream) in held {
        call.world.agent.handle(.media(.unopened(stream)), at: call.world.now)
      }
      call.world.run(.seconds(1))
      call.world.heldMedia = nil
    },
    "frames past us": {
      $0.run(FailedCall.dial("<Number>17</Number>"), seconds: 1)
      $0.world.resolveTargets(to: "host:desk;media=linear16")
    },
    "sound cannot be secret": { $0.dial("<Sip>sip:a@127.0.0.1:5081;secure=true</Sip>") },
    "caller's offer unusable": {
      $0.caller.call(Array("rubbish".utf8))
      $0.world.run(.seconds(2))
    },
    "speech program fails": { call in
      call.world.heldMedia = []
      call.run("<Response><Say>a</Say><Pause length=\"9\"/></Response>", seconds: 1)
      call.world.releaseMedia()
      call.world.run(.seconds(1))
      let wanted = call.world.media.commands + (call.world.heldMedia ?? [])
      for case .load(let sound, _) in wanted {
        call.world.agent.handle(.media(.unloadable(sound, .speechless)), at: call.world.now)
      }
      call.world.run(.seconds(1))
    },
    "nobody can speak": { $0.run("<Response><Say>a</Say></Response>", seconds: 3) },
    "sound missing": { call in
      call.world.web = { _ in .status(404) }
      call.run("<Response><Play>http://web/a.wav</Play></Response>")
    },
    "recorder fails": { call in
      _ = call.world.phone(5081, .answers())
      call.dial(FailedCall.phone, "record=\"record-from-answer\"", seconds: 3)
      for case .record(let id, _, _) in call.world.media.commands {
        let result = RecordingResult(reason: .failed, milliseconds: 0, isEmpty: true)
        call.world.agent.handle(.media(.recorded(id, result)), at: call.world.now)
      }
      call.world.run(.seconds(1))
    },
    "nothing heard": { call in
      call.meet(.answers(), seconds: 3)
      call.world.run(.seconds(30))
    },
  ]
}
