package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks for what rooms are joined and ended with: tokens, by their signatures, and session ids. */
final class SecretSearch {
    /** What both are made of; a token has dots between its parts. */
    private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9_-]+");

    private final Set<String> secrets;

    private SecretSearch(Set<String> secrets) {
        this.secrets = secrets;
    }

    /** For all that these calls were answered with. */
    static SecretSearch forAnswers(List<RecordedCall> calls) throws IOException {
        Set<String> secrets = new HashSet<>();
        for (RecordedCall call : calls) {
            if (call.sessionMade() && call.answer() != null && call.answer().endsWith("}")) {
                JsonNode answer = Json.MAPPER.readTree(call.answer());
                secrets.add(answer.path("session_id").asText());
                String token = answer.path("token").asText();
                secrets.add(token.substring(token.lastIndexOf('.') + 1));
            }
        }
        secrets.remove("");
        return new SecretSearch(secrets);
    }

    int secrets() {
        return secrets.size();
    }

    /** How many different ones stand in the text. */
    long in(String text) {
        return OTHER.splitAsStream(text).filter(secrets::contains).distinct().count();
    }

    /** The files with any of them, and how many. Kafka's indexes are left out: large, and of numbers only. */
    List<String> inFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> all = files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith("index"))
                    .sorted()
                    .toList();
            List<String> found = new ArrayList<>();
            for (Path file : all) {
                long there = in(Files.readString(file, ISO_8859_1));
                if (there > 0) {
                    found.add(directory.relativize(file) + ": " + there);
                }
            }
            return found;
        }
    }
}
