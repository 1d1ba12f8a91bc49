import RCMLSIP
import Testing

@testable import RCMLAgent

/// What is offered to a leg, and what is taken of an offer (RFC 3264).
@Suite struct FormatChoiceTests {
  private let opus = AudioFormat(111, Array("opus/48000/2".utf8))
  private let g722 = AudioFormat(9, Array("g722/8000".utf8))
  private let event = AudioFormat.telephoneEvent(101)

  private func numbers(_ formats: [AudioFormat]) -> [UInt8] { formats.map(\.payload) }

  @Test func aLegIsOfferedWhatTheCallerCanAndBothLawsWhereItCanOne() {
    let offer = FormatChoice.offer(to: [opus, .pcma, event], isSpoken: false)
    #expect(numbers(offer) == [111, 8, 0, 101])
  }

  @Test func whereSomethingIsPlayedOnlyWhatWeSpeakIsOffered() {
    let offer = FormatChoice.offer(to: [opus, .pcma, event], isSpoken: true)
    #expect(numbers(offer) == [8, 0, 101])
  }

  @Test func aCallerWithoutG711IsPassedThroughAsItIs() {
    let offer = FormatChoice.offer(to: [opus], isSpoken: true)
    #expect(numbers(offer) == [111, 101])
  }

  @Test func keysGetANumberThatIsFree() {
    let taken = AudioFormat(101, Array("opus/48000/2".utf8))
    let offer = FormatChoice.offer(to: [taken, .pcmu], isSpoken: false)
    #expect(numbers(offer) == [101, 0, 8, 96])
    #expect(offer.last?.isTelephoneEvent == true)
  }

  @Test func whatBothCanIsTakenBeforeAnythingIsTurned() {
    #expect(numbers(FormatChoice.answer(to: [.pcma, .pcmu, event], partner: [.pcmu])) == [0, 101])
  }

  @Test func theLawsAreTurnedIntoEachOtherWhereNothingElseIsLeft() {
    #expect(numbers(FormatChoice.answer(to: [.pcma, event], partner: [.pcmu])) == [8, 101])
  }

  @Test func behindWhatPassesUntouchedStandsWhatAPromptNeeds() {
    #expect(
      numbers(FormatChoice.answer(to: [g722, .pcma, event], partner: [g722])) == [9, 8, 101])
  }

  @Test func aloneWeTakeWhatWeSpeak() {
    #expect(numbers(FormatChoice.answer(to: [opus, .pcmu, event], partner: nil)) == [0, 101])
  }

  @Test func nothingInCommonIsNoAnswer() {
    #expect(FormatChoice.answer(to: [opus], partner: nil).isEmpty)
    #expect(FormatChoice.answer(to: [opus, event], partner: [g722, event]).isEmpty)
  }
}
