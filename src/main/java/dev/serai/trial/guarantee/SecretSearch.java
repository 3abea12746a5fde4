package dev.serai.trial.guarantee;

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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Looks for what rooms are joined and ended with: tokens, by their signatures, and session ids. */
public final class SecretSearch {
    /** What both are made of; a token has dots between its parts. */
    private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9_-]+");

    private final Set<String> secrets;

    private SecretSearch(Set<String> secrets) {
        this.secrets = secrets;
    }

    /** For all that these calls were answered with. */
    public static SecretSearch forAnswers(List<RecordedCall> calls) throws IOException {
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

    public int secrets() {
        return secrets.size();
    }

    /** How many different ones stand in the text. */
    public long in(String text) {
        return OTHER.splitAsStream(text).filter(secrets::contains).distinct().count();
    }

    /** How many different ones stand in a record's key, value and headers. */
    public long in(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        StringBuilder all = new StringBuilder();
        add(all, kafkaRecord.key());
        add(all, kafkaRecord.value());
        kafkaRecord.headers().forEach(header -> {
            all.append(' ').append(header.key());
            add(all, header.value());
        });
        return in(all.toString());
    }

    private static void add(StringBuilder all, byte @Nullable [] bytes) {
        if (bytes != null) {
            all.append(' ').append(new String(bytes, ISO_8859_1));
        }
    }

    /** The files with any of them, and how many. Kafka's indexes are left out: large, and of numbers only. */
    public List<String> inFiles(Path directory) throws IOException {
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
