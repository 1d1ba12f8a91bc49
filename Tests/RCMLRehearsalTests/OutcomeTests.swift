import RCMLBasics
import Testing

@testable import RCMLRehearsal

/// What a scripted phone does, as people write it (spec E-7).
@Suite struct OutcomeTests {
  @Test func theExampleOfTheManualIsRead() throws {
    let outcome = try ScriptedOutcome.read("1:180,after=2:200,after=3:key=1,after=5:bye")
    #expect(outcome.leg == 1)
    #expect(
      outcome.steps == [
        .init(after: .zero, act: .respond(180)), .init(after: .seconds(2), act: .respond(200)),
        .init(after: .seconds(3), act: .press(49)), .init(after: .seconds(5), act: .bye),
      ])
  }

  @Test func aStarIsEveryLegAndFractionsAreMilliseconds() throws {
    let outcome = try ScriptedOutcome.read("*:after=0.25:183,after=12.5:none")
    #expect(outcome.leg == nil)
    #expect(
      outcome.steps == [
        .init(after: .milliseconds(250), act: .respond(183)),
        .init(after: .milliseconds(12_500), act: .silence),
      ])
    #expect(try ScriptedOutcome.read("3:refused").steps == [.init(after: .zero, act: .unreachable)])
  }

  @Test func whoWasAskedForCredentialsMayCallAgain() throws {
    #expect(try ScriptedOutcome.read("1:407,180,200,bye").steps.count == 4)
  }

  @Test(arguments: [
    ("", 1), ("180", 1), (":180", 1), ("x:180", 1), ("-1:180", 1), ("100001:180", 1), ("1:", 3),
    ("1:180,", 7), ("1:99", 3), ("1:700", 3), ("1:ok", 3), ("1:180,after=2", 7),
    ("1:after=:200", 3), ("1:after=-1:200", 3), ("1:after=1.2345:200", 3),
    ("1:after=123456:200", 3), ("1:after=1e3:200", 3), ("1:after=2:2x0", 11), ("1:bye", 3),
    ("1:180,bye", 7), ("1:200,180", 7), ("1:200,200", 7), ("1:486,200", 7), ("1:none,180", 8),
    ("1:200,bye,bye", 11), ("1:180,refused", 7), ("1:refused,180", 11), ("1:after=2:", 11),
  ])
  func whatCannotBeReadIsShownWithItsPlace(text: String, column: Int32) {
    do throws(OutcomeProblem) {
      let outcome = try ScriptedOutcome.read(text)
      Issue.record("\(text) was read as \(outcome)")
    } catch let failure {
      #expect(failure.column == column, "\(failure.text)")
      #expect(failure.text.hasSuffix("(character \(column))."))
    }
  }

  @Test func anOutcomeWithoutEndLeavesRoomForTheReason() {
    do throws(OutcomeProblem) {
      _ = try ScriptedOutcome.read("1:" + String(repeating: "180,", count: 500) + "why")
    } catch let failure {
      #expect(failure.text.utf8.count < 256)
    }
  }
}
