import {EvaluationError} from '#engine/base/errors.ts';
import {Opaque, type TemplateValue} from '../template-value.ts';
import {define, type TemplateFamily, textArgument} from './template-function.ts';
import {parseVersion, satisfies, type VersionParts} from './version-range.ts';

/** Sprig's functions on semantic versions. */
export const semverFunctions: TemplateFamily = {
  title: 'Semantic versions',
  functions: {
    semver: define(
      'A version with its parts `Major`, `Minor`, `Patch`, `Prerelease`, `Metadata` and `Original`.',
      '{{(semver "v1.2.3-beta").Minor}}',
      1,
      text => new Version(versionArgument(text), textArgument(text)),
    ),
    semverCompare: define(
      'Whether a version satisfies a condition such as `^1.2`, `~1.2.3`, `>= 1.2, < 2` or `1.x || 3.0`.',
      '{{semverCompare "^1.2.0" "1.4.7"}}',
      2,
      (condition, text) => {
        const result = satisfies(versionArgument(text), textArgument(condition));
        if (result === undefined) throw new EvaluationError(`improper constraint: ${textArgument(condition)}`);
        return result;
      },
    ),
  },
};

function versionArgument(text: TemplateValue): VersionParts {
  const version = parseVersion(textArgument(text));
  if (version === undefined) throw new EvaluationError(`"${textArgument(text)}" is no semantic version`);
  return version;
}

class Version extends Opaque {
  readonly goType = '*semver.Version';
  readonly #parts: VersionParts;
  readonly #original: string;

  constructor(parts: VersionParts, original: string) {
    super();
    this.#parts = parts;
    this.#original = original;
  }

  member(name: string): TemplateValue {
    const {numbers, prerelease, metadata} = this.#parts;
    switch (name) {
      case 'Major':
        return numbers[0];
      case 'Minor':
        return numbers[1];
      case 'Patch':
        return numbers[2];
      case 'Prerelease':
        return prerelease;
      case 'Metadata':
        return metadata;
      case 'Original':
        return this.#original;
      case 'String':
        return this.toString();
      default:
        return undefined;
    }
  }

  toString(): string {
    const {numbers, prerelease, metadata} = this.#parts;
    return numbers.join('.') + (prerelease === '' ? '' : `-${prerelease}`) + (metadata === '' ? '' : `+${metadata}`);
  }
}
