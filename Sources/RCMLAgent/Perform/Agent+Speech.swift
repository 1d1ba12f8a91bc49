import RCMLBasics
import RCMLDial
import RCMLMedia

/// The host as the one who speaks (spec V-10, Q-26).
extension Agent {
  func askToSpeak(_ sound: SoundID, _ request: SpeechRequest, for call: CallNumber, at now: Instant)
  {
    let id = QuestionID(web.makeExchange())
    questions.ask(.speech(sound, request), as: id, at: now)
    tell(
      .question(
        id, call, .speech(text: request.text, voice: request.voice, language: request.language)))
  }

  /// What it says is kept like what a program says: the same text asks nobody again.
  func answerSpeech(
    _ id: QuestionID, contentType: String, body: [UInt8]?, at now: Instant
  ) -> Outcome {
    guard case .speech(let sound, let request)? = questions.subject(of: id) else {
      return .failure(.gone)
    }
    questions.answered(id)
    guard let body else {
      speak(sound, request, at: now)
      return .success(.done)
    }
    if body.isEmpty {
      unloadable(sound, SoundProblem.empty.sentence, at: now)
    } else if body.count > SoundFile.octetsLimit {
      unloadable(sound, SoundProblem.tooLong.sentence, at: now)
    } else {
      outputs.append(.media(.load(sound, .octets(body, name: "", contentType: contentType))))
    }
    return .success(.done)
  }

  /// The host leaves it to our own program, or said nothing in time.
  func speak(_ sound: SoundID, _ request: SpeechRequest, at now: Instant) {
    guard !request.program.isEmpty else {
      return unloadable(
        sound, "the host did not say it, and there is no speech program", at: now)
    }
    outputs.append(.media(.load(sound, .speech(request))))
  }
}
