import RCMLBasics

/// `<Say>` (spec V-1). Empty text does nothing (V-10).
package struct Say: Hashable, Sendable {
  package var text: String
  package var voice = "man"
  package var language = "en"
  /// 0 = until hang-up.
  package var loop = 1
  package init(text: String) { self.text = text }
}

/// `<Play>` (spec V-2).
package struct Play: Hashable, Sendable {
  /// Absolute; nil = none given, or unusable.
  package var url: String?
  package var loop = 1
  /// Keys to send instead of audio; empty = none.
  package var digits = ""
  package init(url: String?) { self.url = url }
}

/// `<Pause>` (spec V-3).
package struct Pause: Hashable, Sendable {
  package var length: Interval
  package init(length: Interval) { self.length = length }
}

/// `<Gather>` (spec V-4, V-12).
package struct Gather: Hashable, Sendable {
  package enum Prompt: Hashable, Sendable {
    case say(Say)
    case play(Play)
    case pause(Pause)
  }

  /// nil = the current document's URL (V-13).
  package var action: String?
  package var method: HTTPMethod = .post
  package var timeout: Interval = .seconds(5)
  /// Of `0-9*#`; empty = no finishing key.
  package var finishOnKey = "#"
  /// nil = unlimited.
  package var numDigits: Int?
  package var actionOnEmptyResult = false
  package var prompts: [Prompt] = []
  package init() {}
}

/// `<Record>` (spec V-5, V-15).
package struct Record: Hashable, Sendable {
  package var action: String?
  package var method: HTTPMethod = .post
  package var timeout: Interval = .seconds(5)
  package var finishOnKey = "1234567890*#"
  package var maxLength: Interval = .seconds(3_600)
  package var playBeep = true
  package init() {}
}

/// `<Redirect>` (spec V-6). Without a URL it is skipped (V-16).
package struct Redirect: Hashable, Sendable {
  package var url: String?
  package var method: HTTPMethod = .post
  package init(url: String?) { self.url = url }
}

/// `<Reject>` (spec V-7).
package struct Reject: Hashable, Sendable {
  package var isBusy: Bool
  package init(isBusy: Bool) { self.isBusy = isBusy }
}
