import RCMLBasics
import RCMLDial

@testable import RCMLAgent

/// Ways in which somebody ends it.
extension FailureWays {
  private static let second = "<Sip>sip:b@127.0.0.1:5082</Sip>"
  private static let screened = "<Sip url=\"http://web/screen\">sip:a@127.0.0.1:5081</Sip>"

  /// A leg that is screened by what the web says.
  private static func screen(
    _ answer: AgentWorld.Reply, _ call: FailedCall, target: String = screened, seconds: Int = 8
  ) {
    call.world.web = { _ in answer }
    call.meet(.answers(), target, seconds: seconds)
  }

  static let partings: [String: Way] = [
    "caller gave up": {
      $0.meet(Phone.Script(), seconds: 3)
      $0.caller.hangUp()
      $0.world.run(.seconds(2))
    },
    "another party was quicker": {
      _ = $0.world.phone(5082, .answers())
      $0.meet(Phone.Script(), FailedCall.phone + second)
    },
    "Dial ended by the host": {
      $0.meet(Phone.Script(), seconds: 2)
      $0.world.command(.onCall(CallNumber(1), .endDial))
      $0.world.run(.seconds(2))
    },
    "stop code": {
      _ = $0.world.phone(5082, .rejects(486, after: .seconds(1)))
      $0.meet(Phone.Script(), FailedCall.phone + second, "x-stop-on=\"486\"")
    },
    "no ACK": { call in
      call.world.after(.milliseconds(200)) { call.caller.isDeaf = true }
      call.meet(.answers(), seconds: 60)
    },
    "time limit": { $0.meet(.answers(), FailedCall.phone, "timeLimit=\"2\"") },
    "call too long": { $0.run("<Response><Pause length=\"60\"/></Response>") },
    "screening hung up": { screen(.document("<Response><Hangup/></Response>"), $0) },
    "screening too long": {
      screen(
        .document("<Response><Pause length=\"60\"/></Response>"), $0,
        target: screened.replacing("<Sip", with: "<Sip timeout=\"2\""))
    },
    "party hung up in screening": { call in
      call.world.web = { _ in .document("<Response><Pause length=\"60\"/></Response>") }
      let phone = call.world.phone(5081, .answers())
      call.dial(screened, seconds: 3)
      phone.hangUp()
      call.world.run(.seconds(2))
    },
    "screening not found": { screen(.status(404), $0) },
    "screening is a web page": { screen(.document("<html><body>Oops</body></html>"), $0) },
    "screening dials": {
      screen(.document("<Response><Dial>sip:x@127.0.0.1</Dial></Response>"), $0)
    },
    "callback given up": { call in
      call.world.web = { _ in .status(404) }
      call.meet(
        .answers(), "<Sip statusCallback=\"http://web/told\">sip:a@127.0.0.1:5081</Sip>",
        seconds: 20)
    },
    "callback not delivered": { call in
      call.world.web = { _ in .failed(.connectionRefused) }
      call.meet(
        .answers(), "<Sip statusCallback=\"http://web/told\">sip:a@127.0.0.1:5081</Sip>",
        seconds: 60)
    },
  ]

  private static func outgoing(_ call: FailedCall) {
    call.world.command(
      .call(
        party: "sip:a@127.0.0.1:5081", from: "",
        .text(Array("<Response/>".utf8), baseURL: "")))
    call.world.run(.seconds(40))
  }

  private static let pause = "<Response><Pause length=\"60\"/></Response>"

  static let ends: [String: Way] = [
    "nobody ran a document": {
      $0.caller.call()
      $0.world.run(.seconds(40))
    },
    "end of the document": { $0.run("<Response><Pause/></Response>") },
    "Hangup": { $0.run("<Response><Hangup/></Response>") },
    "caller hung up": {
      $0.run("<Response><Dial answerOnBridge=\"false\">sip:a@127.0.0.1:5081</Dial></Response>")
      $0.caller.hangUp()
      $0.world.run(.seconds(2))
    },
    "called party hung up": { call in
      let phone = call.world.phone(5081, .answers())
      call.dial(FailedCall.phone, seconds: 3)
      phone.hangUp()
      call.world.run(.seconds(2))
    },
    "Reject": { $0.run("<Response><Reject/></Response>") },
    "rejected by the host": {
      $0.caller.call()
      $0.world.run(.seconds(1))
      $0.world.command(.onCall(CallNumber(1), .reject(code: 486, phrase: "Busy Here")))
      $0.world.run(.seconds(1))
    },
    "Dial failed at the end": { $0.meet(.rejects(486)) },
    "ended by the host": {
      $0.run(pause, seconds: 2)
      $0.world.command(.onCall(CallNumber(1), .hangUp))
      $0.world.run(.seconds(1))
    },
    "agent stopped": {
      $0.run(pause, seconds: 2)
      $0.world.command(.stop)
      $0.world.run(.seconds(1))
    },
    "another document": {
      $0.meet(.answers(), seconds: 3)
      $0.world.command(
        .onCall(CallNumber(1), .run(.text(Array("<Response/>".utf8), baseURL: ""))))
      $0.world.run(.seconds(2))
    },
    "transferred": { call in
      call.world.web = { _ in .document("<Response/>") }
      let phone = call.world.phone(5081, .answers())
      call.dial(FailedCall.phone, "referUrl=\"http://web/refer\"", seconds: 3)
      ReferTests.refer(call.world, phone)
    },
    "outgoing party busy": {
      _ = $0.world.phone(5081, .rejects(486))
      outgoing($0)
    },
    "outgoing party not there": {
      $0.world.refusing[AgentWorld.place(5081)] = .refused
      outgoing($0)
    },
  ]
}
