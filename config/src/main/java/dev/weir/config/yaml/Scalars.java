package dev.weir.config.yaml;

import java.math.BigInteger;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Single values as the table wants them, in the notation of YAML 1.2's core schema. */
final class Scalars {
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern RADIX = Pattern.compile("0[xob][0-9A-Fa-f]+");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Set<String> TRUTHS = Set.of("true", "True", "TRUE", "false", "False", "FALSE");
    private static final Pattern OLD_TRUTH = Pattern.compile("(?i)yes|no|on|off|y|n");
    private static final String BINARY = "tag:yaml.org,2002:binary";

    private Scalars() {}

    static Object read(ScalarNode node, Field field, YamlPlace place) {
        String text = node.getValue();
        boolean plain = node.getScalarStyle() == ScalarStyle.PLAIN;
        return switch (field.type()) {
            case TEXT -> text(node, field, place);
            case BOOL -> truth(text, plain, place);
            case F64 -> number(text, plain, place);
            default -> integer(text, plain, field, place);
        };
    }

    private static Object text(ScalarNode node, Field field, YamlPlace place) {
        String text = node.getValue();
        if (node.getTag().getValue().equals(BINARY)) {
            try {
                return Base64.getMimeDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw new YamlException(place, "!!binary is followed by base64");
            }
        }
        boolean known = field.values().isEmpty()
                || text.isEmpty()
                || field.values().stream().anyMatch(value -> value.equalsIgnoreCase(text));
        if (!known) {
            throw new YamlException(
                    place,
                    "'" + text + "' is none of " + String.join(", ", field.values())
                            + NearestName.hint(text, field.values()));
        }
        return text;
    }

    private static Object truth(String text, boolean plain, YamlPlace place) {
        if (plain && TRUTHS.contains(text)) {
            return Boolean.valueOf(text);
        }
        String hint = OLD_TRUTH.matcher(text).matches() ? ", which is a text in YAML 1.2" : "";
        throw new YamlException(place, "true or false is wanted, not " + quoted(text, plain) + hint);
    }

    private static Object number(String text, boolean plain, YamlPlace place) {
        if (plain && NUMBER.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return number;
            }
        }
        throw new YamlException(place, "a number is wanted, not " + quoted(text, plain));
    }

    private static Object integer(String text, boolean plain, Field field, YamlPlace place) {
        BigInteger value;
        if (plain && DECIMAL.matcher(text).matches()) {
            value = new BigInteger(text);
        } else if (plain && RADIX.matcher(text).matches()) {
            int radix =
                    switch (text.charAt(1)) {
                        case 'x' -> 16;
                        case 'o' -> 8;
                        default -> 2;
                    };
            try {
                value = new BigInteger(text.substring(2), radix);
            } catch (NumberFormatException e) {
                throw new YamlException(place, "an integer is wanted, not " + quoted(text, true));
            }
        } else {
            throw new YamlException(place, "an integer is wanted, not " + quoted(text, plain));
        }
        if (value.signum() < 0 || value.compareTo(BigInteger.valueOf(field.type().most)) > 0) {
            throw new YamlException(place, text + " is not from 0 to " + field.type().most);
        }
        return value.longValueExact();
    }

    private static String quoted(String text, boolean plain) {
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return plain ? "'" + shown + "'" : "the text '" + shown + "'";
    }
}
