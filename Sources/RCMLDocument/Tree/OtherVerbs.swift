import RCMLBasics

/// `<Say>` (spec V-1). Empty text does nothing (V-10).
package struct Say: Hashable, Sendable {
  package var text: String
  /// The text with the elements inside it, as SSML; empty = there are none (spec V-21).
  package var markup = ""
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
  /// As a Dial's (spec D-29).
  package var recordingStatusCallback: String?
  package var recordingStatusCallbackMethod: HTTPMethod = .post
  package var recordingStatusCallbackEvents: [String] = ["completed"]
  package init() {}
}

/// `<Redirect>` (spec V-6). Without text it asks the current document's URL; where there is none, `url` is nil and it
/// is skipped (V-23).
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
