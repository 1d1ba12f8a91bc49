import RCMLBasics
import Testing

@Suite struct TimeTests {
  @Test func aDeadlineFarAwayDoesNotWrapIntoThePast() {
    let late = Instant(nanoseconds: .max - 5)
    #expect(late + .seconds(10) == .distantFuture)
    #expect(Instant(nanoseconds: 3) + Interval(nanoseconds: -10) == Instant(nanoseconds: 0))
    #expect(Interval.seconds(.max).nanoseconds == .max)
    #expect(Interval.seconds(.min).nanoseconds == .min)
  }

  @Test func durationsAreRoundedDown() {
    #expect(Interval.milliseconds(2_999).wholeSeconds == 2)
    let start = Instant(nanoseconds: 1_000)
    #expect((start + .milliseconds(3_300) - start).wholeSeconds == 3)
    #expect(start - (start + .seconds(1)) == Interval.seconds(-1))
  }

  @Test(arguments: [
    (1_727_874_309_532_999, "2024-10-02", "13:05:09.532"), (0, "1970-01-01", "00:00:00.000"),
    (951_868_799_999_999, "2000-02-29", "23:59:59.999"), (-1, "1969-12-31", "23:59:59.999"),
  ])
  func aWallTimeHasADayAndAClock(microseconds: Int64, day: String, clock: String) {
    let time = WallTime(unixMicroseconds: microseconds)
    #expect(time.day == day && time.clock == clock)
  }

  /// Spec K-11: its own example, and the corners of the calendar.
  @Test(arguments: [
    (1_727_874_309, "Wed, 02 Oct 2024 13:05:09 +0000"),
    (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
    (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 +0000"),
    (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 +0000"),
    (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
  ])
  func aTimestampIsRFC2822InUTC(seconds: Int64, text: String) {
    let origin = Instant(nanoseconds: 5_000_000_000)
    let wall = WallClock(unixMicroseconds: (seconds - 7) * 1_000_000, at: origin)
    #expect(wall.timestamp(at: origin + .seconds(7)) == text)
  }
}
