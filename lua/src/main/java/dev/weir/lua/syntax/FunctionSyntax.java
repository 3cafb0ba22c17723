package dev.weir.lua.syntax;

import dev.weir.lua.LuaString;
import java.util.List;

/**
 * The text of a function.
 *
 * @param source the chunk's name as it was given
 * @param firstLine the line on which it begins; 0 for a whole chunk
 * @param lastLine the line on which it ends
 * @param begin the octet of the source at which its parameters' parenthesis opens; 0 for a whole chunk
 * @param end the octet behind its {@code end}
 * @param parameters its parameters, which take the first slots
 * @param variadic whether it has {@code ...}
 * @param body its statements
 * @param slots how many slots its locals need
 * @param upvalues where its upvalues come from
 * @param sites the places in it that can fail or call; the first one stands for its beginning
 * @param locals all its locals in the order of the text, parameters first
 * @param lines the lines on which a statement begins
 */
public record FunctionSyntax(
        LuaString source,
        int firstLine,
        int lastLine,
        int begin,
        int end,
        List<LocalVariable> parameters,
        boolean variadic,
        Stat.Block body,
        int slots,
        List<UpvalueSource> upvalues,
        List<Site> sites,
        List<LocalVariable> locals,
        List<Integer> lines) {}
