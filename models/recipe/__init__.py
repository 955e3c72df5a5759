"""How the embedded speech model is made: from text over synthetic speech to files for vosk. One module a step."""
