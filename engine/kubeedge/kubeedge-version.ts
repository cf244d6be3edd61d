import {ArrokothError, errorCode} from '#engine/base/errors.ts';

/** Form of a model document. v1alpha1 and v1alpha2 write models alike. */
export type ModelForm = 'v1alpha1' | 'v1alpha2' | 'v1beta1' | 'profile';

export interface KubeedgeVersion {
  /** Decides how a document is read that its content does not tell; undefined when the version does not say. */
  readonly form: ModelForm | undefined;
  /** Whether topics name the namespace before the device (v1.16.2 and later); undefined when the version does not say. */
  readonly namespaced: boolean | undefined;
}

const forms: readonly ModelForm[] = ['v1alpha1', 'v1alpha2', 'v1beta1', 'profile'];

/** Reads `kubeedgeVersion`: a form, or a release such as "1.17". Throws when it is neither. */
export function readKubeedgeVersion(text: string | undefined): KubeedgeVersion {
  const word = (text ?? '')
    .trim()
    .toLowerCase()
    .replace(/^devices\.kubeedge\.io\//, '');
  if (word === '') return {form: undefined, namespaced: undefined};
  const form = forms.find(one => one === word);
  if (form) return {form, namespaced: undefined};
  const release = /^v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:[-+][\w.+-]*)?$/.exec(word);
  if (!release) {
    throw new ArrokothError(
      `kubeedgeVersion "${text}" is not known, expected v1alpha1, v1alpha2, v1beta1, profile or a release such as "1.17"`,
      {code: errorCode.configuration},
    );
  }
  const minor = Number(release[1]) * 1000 + Number(release[2]);
  const namespaced = minor > 1016 || (minor === 1016 && Number(release[3] ?? 0) >= 2);
  return {form: minor >= 1015 ? 'v1beta1' : undefined, namespaced};
}
