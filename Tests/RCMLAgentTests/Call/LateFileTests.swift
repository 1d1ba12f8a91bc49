import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent

/// Files that are whole later than what they hold is over: the disk takes its time [Y-7].
struct LateFileTests {
  private func world(_ document: String) -> (world: AgentWorld, caller: Phone) {
    let world = AgentWorld(settings: [("media", "anchored"), ("recordings", "/r")])
    world.document(document)
    world.web = { _ in .document("<Response/>") }
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    return (world, caller)
  }

  private func states(_ world: AgentWorld) -> [String] {
    world.events.compactMap { event in
      switch event {
      case .onCall(_, .recording(let status)): status.state.rawValue
      case .onCall(_, .ended): "ended"
      default: nil
      }
    }
  }

  /// Of the host's own recording `ended` waits, as the header promises.
  @Test func aCallEndsAfterItsFileIsWhole() {
    let (world, caller) = world(AgentWorld.dial(5081))
    let record = Command.onCall(CallNumber(1), .record(path: "/r/own.wav"))
    #expect(world.command(record) == .success(.done))
    world.run(.seconds(1))
    world.heldMedia = []
    caller.hangUp()
    world.run(.seconds(3))
    #expect(states(world) == ["in-progress"])
    // Nothing more can be done with it meanwhile.
    #expect(world.command(record) == .failure(.gone))
    #expect(world.command(.onCall(CallNumber(1), .hangUp)) == .failure(.gone))
    world.releaseMedia()
    world.runToTheEnd()
    #expect(states(world) == ["in-progress", "completed", "ended"])
    let durations = world.events.compactMap { event -> Int64? in
      guard case .onCall(_, .recording(let status)) = event, status.state == .completed else {
        return nil
      }
      return Int64(status.recording.duration)
    }
    #expect(durations == [1])
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aFileThatFailsAtItsEndIsAbsent() throws {
    let (world, caller) = world(AgentWorld.dial(5081))
    _ = world.command(.onCall(CallNumber(1), .record(path: "/r/own.wav")))
    world.heldMedia = []
    caller.hangUp()
    world.run(.seconds(1))
    let id = try #require(world.recording("/r/own.wav"))
    let result = RecordingResult(reason: .failed, milliseconds: 1_000, isEmpty: false)
    world.agent.handle(.media(.recorded(id, result)), at: world.now)
    world.run(.milliseconds(1))
    #expect(states(world) == ["in-progress", "absent", "ended"])
  }

  /// An agent that is to stop does not wait for ever.
  @Test func aFileThatNeverComesKeepsNoAgentFromStopping() {
    let (world, _) = world(AgentWorld.dial(5081))
    _ = world.command(.onCall(CallNumber(1), .record(path: "/r/own.wav")))
    world.heldMedia = []
    world.command(.stop)
    world.run(.seconds(600))
    #expect(states(world) == ["in-progress", "absent", "ended"])
    guard case .drained = world.events.last else {
      Issue.record("it is not drained")
      return
    }
  }

  /// The same for a recording of a Dial: whoever was told that it began is told of its end.
  @Test func aFileOfADialThatNeverComesIsAbsent() {
    let (world, _) = world(AgentWorld.dial(5081, attributes: "record=\"record-from-answer\""))
    world.heldMedia = []
    world.command(.stop)
    world.run(.seconds(600))
    #expect(states(world) == ["in-progress", "absent", "ended"])
  }

  /// V-15: the request of a message waits for its file, and names it.
  @Test func aVoiceMessageIsNamedWhenItsFileIsWhole() {
    let (world, caller) = world(
      "<Response><Record action=\"http://w/message\" maxLength=\"30\"/></Response>")
    world.speaker(4_000, says: [Int16](repeating: 9_000, count: 160))
    world.point(0, by: caller.answerBody)
    world.run(.seconds(2))
    world.heldMedia = []
    caller.hangUp()
    world.isSilent = true
    world.run(.seconds(5))
    #expect(world.requests.isEmpty && world.ends.isEmpty)
    world.releaseMedia()
    world.runToTheEnd()
    let request = world.requests.first { $0.exchange.url == "http://w/message" }
    #expect(request?["Digits"] == "hangup")
    #expect(request?["RecordingUrl"]?.hasPrefix("file:///r/RE") == true)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func whatTheDiskDidNotTakeIsToldInTheEnd() throws {
    let (world, caller) = world(
      "<Response><Dial record=\"record-from-answer\"><Sip>sip:b@127.0.0.1:5081</Sip></Dial></Response>"
    )
    world.heldMedia = []
    caller.hangUp()
    world.run(.seconds(1))
    let path = try #require(world.media.files.keys.first)
    let id = try #require(world.recording(path))
    let result = RecordingResult(
      reason: .stopped, milliseconds: 1_500, isEmpty: false, lostMilliseconds: 400)
    world.agent.handle(.media(.recorded(id, result)), at: world.now)
    world.run(.milliseconds(1))
    let told = world.findings.filter { $0.code == .recordingGaps }
    #expect(told.count == 1 && told.first?.text.hasPrefix("400 ms") == true)
    #expect(states(world) == ["in-progress", "completed", "ended"])
  }
}

extension AgentWorld {
  func recording(_ path: String) -> RecordingID? {
    media.recordings.first { $0.value.path == path }?.key
  }
}
