import RCMLBasics
import RCMLMedia

/// V-20: no caller hears what a server said for another one.
extension Watch {
  /// A sound came with these fields.
  func kept(_ id: SoundID, _ fields: [HeaderLine]) {
    func says(_ name: String, _ words: [String]) -> Bool {
      fields.contains { field in
        guard field.name.elementsEqual(name.utf8) else { return false }
        return field.value.split(separator: UInt8(ascii: ",")).contains { part in
          let text = String(decoding: part.drop { $0 == 32 }, as: UTF8.self)
          return words.contains { text.hasPrefix($0) }
        }
      }
    }
    let isOwn =
      says("cache-control", ["no-store", "private"]) || says("vary", ["*"])
      || fields.contains { $0.name.elementsEqual("set-cookie".utf8) }
        && !says("cache-control", ["public", "s-maxage"])
    if isOwn { sound?.ownSounds[id] = .some(nil) }
  }

  func plays(_ stream: MediaID, _ sounds: [SoundID]) { sound?.playing[stream] = sounds }

  /// A packet that we made.
  func made(_ stream: MediaID, to voice: Voice) {
    guard let sounds = sound?.playing[stream], let index = partyIndex(voice),
      let party = sound?.parties[index]
    else { return }
    for id in sounds {
      guard let owner = sound?.ownSounds[id] else { continue }
      if let owner, owner != party.caller {
        fail(.ownSounds, "\(partyName(party)) hears a sound that was another call's")
      }
      sound?.ownSounds[id] = party.caller
    }
  }
}
