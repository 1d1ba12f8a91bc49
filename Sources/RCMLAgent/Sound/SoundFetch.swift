import RCMLBasics
import RCMLDial
import RCMLMedia

/// A sound on its way.
struct SoundFetch {
  enum State {
    /// The web, or the host, is asked.
    case asked
    /// What was answered is a sound, or is none; the answer itself is told next.
    case read(Result<Int, Failure>)
    /// What it will be is known, and how long it may be kept; it is being read.
    case reading(CachePolicy)
  }

  /// Half a sentence for people.
  struct Failure: Error, Equatable {
    let why: String
  }

  let id: SoundID
  let key: SoundKey
  /// On whose behalf it is asked for.
  let call: CallNumber
  /// The copy that the server is asked about.
  let renews: SoundID?
  /// In the order in which they came. Some may have left.
  var waiters: [SoundLibrary.Waiter]
  var state: State
}
