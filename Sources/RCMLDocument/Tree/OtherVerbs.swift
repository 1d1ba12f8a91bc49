import RCMLBasics

/// `<Say>` (spec V-1). Empty text does nothing (V-10).
public struct Say: Hashable, Sendable {
  public var text: String
  /// The text with the elements inside it, as SSML; empty = there are none (spec V-21).
  public var markup = ""
  public var voice = "man"
  public var language = "en"
  /// 0 = until hang-up.
  public var loop = 1
  public init(text: String) { self.text = text }
}

/// `<Play>` (spec V-2).
public struct Play: Hashable, Sendable {
  /// Absolute; nil = none given, or unusable.
  public var url: String?
  public var loop = 1
  /// Keys to send instead of audio; empty = none.
  public var digits = ""
  public init(url: String?) { self.url = url }
}

/// `<Pause>` (spec V-3).
public struct Pause: Hashable, Sendable {
  public var length: Interval
  public init(length: Interval) { self.length = length }
}

/// `<Gather>` (spec V-4, V-12).
public struct Gather: Hashable, Sendable {
  public enum Prompt: Hashable, Sendable {
    case say(Say)
    case play(Play)
    case pause(Pause)
  }

  /// nil = the current document's URL (V-13).
  public var action: String?
  public var method: HTTPMethod = .post
  public var timeout: Interval = .seconds(5)
  /// Of `0-9*#`; empty = no finishing key.
  public var finishOnKey = "#"
  /// nil = unlimited.
  public var numDigits: Int?
  public var actionOnEmptyResult = false
  public var prompts: [Prompt] = []
  public init() {}
}

/// `<Record>` (spec V-5, V-15).
public struct Record: Hashable, Sendable {
  public var action: String?
  public var method: HTTPMethod = .post
  public var timeout: Interval = .seconds(5)
  public var finishOnKey = "1234567890*#"
  public var maxLength: Interval = .seconds(3_600)
  public var playBeep = true
  /// As a Dial's (spec D-29).
  public var recordingStatusCallback: String?
  public var recordingStatusCallbackMethod: HTTPMethod = .post
  public var recordingStatusCallbackEvents: [String] = ["completed"]
  public init() {}
}

/// `<Redirect>` (spec V-6). Without text it asks the current document's URL; where there is none, `url` is nil and it
/// is skipped (V-23).
public struct Redirect: Hashable, Sendable {
  public var url: String?
  public var method: HTTPMethod = .post
  public init(url: String?) { self.url = url }
}

/// `<Reject>` (spec V-7).
public struct Reject: Hashable, Sendable {
  public var isBusy: Bool
  public init(isBusy: Bool) { self.isBusy = isBusy }
}
